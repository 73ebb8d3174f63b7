-- Public questions: the committee asks, the initiator answers, and the other way round.

create table question (
    petition_id bigint not null references petition (id),
    number integer not null,
    referral_id bigint not null,
    answers integer,
    side text not null,
    name text not null,
    staff_id bigint references staff (id),
    text text not null,
    answer_by date,
    state text not null,
    written_at timestamptz not null,
    decided_at timestamptz,
    decided_by bigint references staff (id),
    ground text,
    reason text,
    constraint question_pkey primary key (petition_id, number),
    constraint question_referral_fkey foreign key (petition_id, referral_id) references referral (petition_id, id),
    constraint question_answers_fkey foreign key (petition_id, answers) references question (petition_id, number),
    constraint question_side_check check (side in ('committee', 'initiator')),
    constraint question_state_check check (state in ('waiting', 'published', 'refused')),
    constraint question_committee_check check (
        side <> 'committee' or (staff_id is not null and state = 'published')
    ),
    constraint question_refused_check check (state <> 'refused' or (ground is not null and reason is not null)),
    constraint question_decided_check check ((state = 'waiting') = (decided_at is null))
);
comment on table question is
'A public question about a referral, or (answers is filled in) the answer to one. What an initiator writes waits for a moderator.';
comment on column question.name is
'Who asks or answers, as it is published: of the committee, or the initiator. Personal data, kept with the petition.';
comment on column question.text is 'As it was written; one that was refused is read by the desk and its author only.';
create unique index question_answered_key on question (petition_id, answers)
where answers is not null and state <> 'refused';
create index question_waiting_idx on question (written_at) where state = 'waiting';
