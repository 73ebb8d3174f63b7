-- Parties and members of a body, motions that came from petitions, and how was voted on them.

create table party (
    id bigint generated always as identity,
    body text not null,
    slug text not null,
    short_name text not null,
    name text not null,
    seats integer not null,
    active boolean not null default true,
    source_link text not null default '',
    external_ids text[] not null default '{}',
    constraint party_pkey primary key (id),
    constraint party_slug_key unique (slug),
    constraint party_short_name_key unique (body, short_name),
    constraint party_seats_check check (seats >= 0)
);
comment on table party is
'Parties (groups) in the body that votes on motions. external_ids: every id under which its open data named it.';

create table member (
    id bigint generated always as identity,
    body text not null,
    slug text not null,
    name text not null,
    sort_name text not null,
    official_number text,
    source_link text not null default '',
    external_ids text[] not null default '{}',
    constraint member_pkey primary key (id),
    constraint member_slug_key unique (slug)
);
comment on table member is
'Members of the body that votes: people in a public office, with nothing but what their office is. Kept as a record.';
comment on column member.name is 'As the body publishes it. Public office: kept with the votes.';
comment on column member.sort_name is 'Family name first, for lists and for names in minutes. Public office: kept with the votes.';
create unique index member_number_key on member (body, official_number) where official_number is not null;
create index member_body_idx on member (body, sort_name);

create table party_membership (
    member_id bigint not null references member (id),
    party_id bigint not null references party (id),
    from_on date not null,
    until_on date,
    constraint party_membership_pkey primary key (member_id, party_id, from_on),
    constraint party_membership_period_check check (until_on is null or until_on >= from_on)
);
comment on table party_membership is 'From when until when a member belonged to a party in the body; until_on is the last day.';
create index party_membership_party_idx on party_membership (party_id);

create table motion (
    petition_id bigint not null references petition (id),
    id bigint generated always as identity,
    referral_id bigint not null,
    source text not null,
    case_number text,
    title text not null,
    summary text not null default '',
    submitters text not null default '',
    document text not null default '',
    advice text not null default '',
    link text not null default '',
    submitted_on date,
    outcome text,
    vote_kind text,
    voted_on date,
    difference text not null default '',
    removed_at timestamptz,
    external_ids text[] not null default '{}',
    version integer not null default 1,
    created_at timestamptz not null,
    constraint motion_pkey primary key (petition_id, id),
    constraint motion_referral_fkey foreign key (petition_id, referral_id) references referral (petition_id, id),
    constraint motion_source_check check (source in ('desk', 'import')),
    constraint motion_outcome_check check (outcome in ('adopted', 'rejected', 'held', 'withdrawn')),
    constraint motion_vote_kind_check check (vote_kind in ('none', 'parties', 'roll_call')),
    constraint motion_decided_check check (
        (outcome is null) = (vote_kind is null) and (outcome is null) = (voted_on is null)
    ),
    constraint motion_unvoted_check check (outcome in ('adopted', 'rejected') or vote_kind = 'none')
);
comment on table motion is
'Motions that a referral led to, with their result. removed_at: the body took the record back. Sums are never stored.';
comment on column motion.difference is 'Why the official result is another one than the votes add up to; empty where they agree.';
comment on column motion.submitters is 'Names of members as the body publishes them. Public office: kept with the motion.';
create unique index motion_case_key on motion (petition_id, case_number) where case_number is not null;

create table motion_vote (
    petition_id bigint not null,
    motion_id bigint not null,
    number integer not null,
    party_id bigint references party (id),
    member_id bigint references member (id),
    choice text not null,
    seats integer not null,
    mistaken boolean not null default false,
    constraint motion_vote_pkey primary key (petition_id, motion_id, number),
    constraint motion_vote_motion_fkey foreign key (petition_id, motion_id) references motion (petition_id, id),
    constraint motion_vote_choice_check check (choice in ('for', 'against', 'abstained', 'absent')),
    constraint motion_vote_voter_check check (party_id is not null or member_id is not null),
    constraint motion_vote_seats_check check (seats >= 0 and (member_id is null or seats = 1))
);
comment on table motion_vote is
'How a party voted with its seats, or one member (member_id, with the party of that day). mistaken: the member said so afterwards.';
create unique index motion_vote_party_key on motion_vote (petition_id, motion_id, party_id, choice) where member_id is null;
create unique index motion_vote_member_key on motion_vote (petition_id, motion_id, member_id) where member_id is not null;
create index motion_vote_party_idx on motion_vote (party_id);
create index motion_vote_member_idx on motion_vote (member_id);

create table motion_change (
    petition_id bigint not null,
    motion_id bigint not null,
    version integer not null,
    occurred_at timestamptz not null,
    staff_id bigint references staff (id),
    reason text not null default '',
    data jsonb not null,
    constraint motion_change_pkey primary key (petition_id, motion_id, version),
    constraint motion_change_motion_fkey foreign key (petition_id, motion_id) references motion (petition_id, id),
    constraint motion_change_data_check check (jsonb_typeof(data) = 'object' and data <> '{}'::jsonb)
);
comment on table motion_change is
'What was corrected in a motion or its vote: {field: [before, after]}. Rows are only added; staff_id is empty for an import.';

create table parliament_case (
    petition_id bigint not null,
    case_number text not null,
    referral_id bigint not null,
    linked_at timestamptz not null,
    staff_id bigint references staff (id),
    read_at timestamptz,
    constraint parliament_case_pkey primary key (petition_id, case_number),
    constraint parliament_case_referral_fkey foreign key (petition_id, referral_id) references referral (petition_id, id),
    constraint parliament_case_number_check check (case_number ~ '^[0-9]{4}Z[0-9]{5}$')
);
comment on table parliament_case is
'Which cases (Zaak.Nummer) of the open data of the Tweede Kamer belong to a petition: what the import fills in.';

create unique index event_motion_key on event (petition_id, kind, (data ->> 'motion'), (data ->> 'key'))
where kind in ('motion', 'vote');
