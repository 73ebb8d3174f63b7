-- The desk: a refusal that waits for its second reader, and the objection of an initiator to a rejection.

create table refusal_proposal (
    petition_id bigint not null references petition (id),
    id bigint generated always as identity,
    staff_id bigint not null references staff (id),
    ground text not null,
    reason text not null,
    proposed_at timestamptz not null,
    constraint refusal_proposal_pkey primary key (petition_id)
);
comment on table refusal_proposal is
'A refusal that one moderator proposed and that waits for a second reader. Gone once decided; the events tell the rest.';

create table objection (
    petition_id bigint not null references petition (id),
    rejected_event_id bigint not null,
    text text not null,
    made_at timestamptz not null,
    due_on date not null,
    outcome text,
    reason text,
    decided_at timestamptz,
    decided_by bigint references staff (id),
    constraint objection_pkey primary key (petition_id, rejected_event_id),
    constraint objection_event_fkey foreign key (petition_id, rejected_event_id) references event (petition_id, id),
    constraint objection_outcome_check check (outcome in ('upheld', 'dismissed', 'lapsed')),
    constraint objection_decided_check check ((outcome is null) = (decided_at is null)),
    constraint objection_reason_check check (
        outcome is null or outcome = 'lapsed' or (reason is not null and decided_by is not null)
    )
);
comment on table objection is
'What an initiator says against a rejection: once per rejection, decided by another moderator. Lapsed: mended instead.';
comment on column objection.text is
'In the words of the initiator; only the desk reads it. Personal data, emptied when the petition''s people are forgotten.';
create index objection_waiting_idx on objection (due_on, made_at) where outcome is null;

create function refused_by(petition bigint, rejected_event bigint) returns bigint []
language sql stable parallel safe
as $$
    with submission as (
        select coalesce(max(e.id), 0) as event_id
        from event as e
        where
            e.petition_id = $1
            and e.id < $2
            and e.kind in ('submitted', 'resubmitted', 'objection_upheld')
    )
    select array(
        select distinct e.staff_id
        from event as e
        inner join submission as s on e.id > s.event_id
        where
            e.petition_id = $1
            and e.id <= $2
            and e.kind in ('proposed', 'rejected')
            and e.staff_id is not null
    )
$$;
comment on function refused_by(bigint, bigint) is
'Who took part in a rejection, by proposing or deciding it since the submission: they do not judge the objection to it.';
