-- The administrators' desk: who let whom in, and what they changed.

create table staff_change (
    id bigint generated always as identity,
    staff_id bigint not null references staff (id),
    by_staff_id bigint not null references staff (id),
    occurred_at timestamptz not null,
    data jsonb not null,
    constraint staff_change_pkey primary key (id),
    constraint staff_change_data_check check (jsonb_typeof(data) = 'object' and data <> '{}'::jsonb)
);
comment on table staff_change is
'Changes of roles by administrators, field by field: the record of who may do what since when. Rows are only added.';
comment on column staff_change.data is
'{field: [before, after]}: name, language, roles, committees, active. Never an address. Kept as long as the service runs.';
create index staff_change_staff_idx on staff_change (staff_id, id desc);
