-- The committee's desk: members beside clerks, a rapporteur who works there, who takes care of a referral, private notes,
-- and the address of a calendar for programs.

alter table staff_committee
add column role text not null default 'clerk',
add constraint staff_committee_role_check check (role in ('clerk', 'member'));
comment on table staff_committee is
'Which committees somebody works for, and as what: a clerk records, a member reads. Each sees only those.';
create index staff_committee_committee_idx on staff_committee (committee_slug, role);

alter table referral
add column rapporteur_id bigint references staff (id),
add column assigned_to bigint references staff (id);
comment on column referral.rapporteur_id is
'The member who is rapporteur, where it is somebody who works at this desk; `rapporteur` holds the public name.';
comment on column referral.assigned_to is 'The clerk who takes care of it. Never public.';
create index referral_assigned_idx on referral (assigned_to) where assigned_to is not null;

create table referral_note (
    petition_id bigint not null,
    id bigint generated always as identity,
    referral_id bigint not null,
    staff_id bigint not null references staff (id),
    text text not null,
    created_at timestamptz not null,
    constraint referral_note_pkey primary key (petition_id, referral_id, id),
    constraint referral_note_referral_fkey foreign key (petition_id, referral_id) references referral (petition_id, id)
);
comment on table referral_note is
'Private notes of the clerks and members of a committee about a referral. Never public, never in a mail.';
comment on column referral_note.text is
'May name people, though the form asks not to. Kept with the referral; its author can delete it.';

create table desk_calendar (
    token_hash bytea not null,
    staff_id bigint not null references staff (id),
    created_at timestamptz not null,
    constraint desk_calendar_pkey primary key (token_hash),
    constraint desk_calendar_staff_key unique (staff_id)
);
comment on table desk_calendar is
'The address of the calendar of somebody''s committees for a program: one for a person, of which only a hash is kept.';
