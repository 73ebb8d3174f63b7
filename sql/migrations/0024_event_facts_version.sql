-- Events say in which version of their kind their facts were written, so that facts can change and old rows still be read.

alter table event
add column facts_version smallint not null default 1,
add constraint event_facts_version_check check (facts_version > 0);
comment on column event.facts_version is
'In which version of its kind the facts in `data` were written. Statements that insert events themselves write version 1.';
