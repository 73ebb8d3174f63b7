-- Checking support by a sample, and handing signatures over: both logged, both for one committee only.

create table verification (
    petition_id bigint not null,
    referral_id bigint not null,
    state text not null,
    listed_at timestamptz not null,
    listed_by bigint not null references staff (id),
    collected bigint not null,
    listed bigint not null,
    too_old bigint not null,
    erased bigint not null,
    digest text not null,
    seed text,
    seed_source text,
    seed_link text,
    seed_at timestamptz,
    drawn_at timestamptz,
    drawn_by bigint references staff (id),
    size integer,
    method text,
    answer_by date,
    remind_at timestamptz,
    reminded_at timestamptz,
    finished_at timestamptz,
    finished_by bigint references staff (id),
    verified integer,
    refused integer,
    no_answer integer,
    gone integer,
    constraint verification_pkey primary key (petition_id, referral_id),
    constraint verification_referral_fkey foreign key (petition_id, referral_id) references referral (petition_id, id),
    constraint verification_state_check check (state in ('listed', 'drawn', 'finished')),
    constraint verification_method_check check (method in ('letter', 'mail')),
    constraint verification_listed_check check (listed >= 0 and listed + too_old + erased = collected),
    constraint verification_drawn_check check (
        (state = 'listed') = (seed is null)
        and (seed is null) = (drawn_at is null)
        and (seed is null) = (size is null)
        and (seed is null) = (answer_by is null)
        and (seed is null) = (method is null)
    ),
    constraint verification_finished_check check (
        (state = 'finished') = (finished_at is not null)
        and (state <> 'finished' or verified + refused + no_answer + gone = size)
    )
);
comment on table verification is
'The check of a petition''s support by a sample: the closed list, the seed from outside, the draw, the result. One per referral.';
comment on column verification.digest is
'SHA-256 of the list, published before the seed is known: nobody can choose who is drawn. No personal data.';
comment on column verification.seed is
'A value from outside that nobody here controls, published after the list was closed.';
create index verification_reminder_idx on verification (remind_at) where state = 'drawn' and reminded_at is null;

create table verification_list (
    petition_id bigint not null,
    referral_id bigint not null,
    place integer not null,
    token_id bytea not null,
    constraint verification_list_pkey primary key (petition_id, referral_id, place),
    constraint verification_list_petition_fkey foreign key (petition_id) references petition (id)
);
comment on table verification_list is
'Which signatures stood on the list when it was closed, by their random keys. No personal data; who leaves keeps the place.';

create table verification_sample (
    petition_id bigint not null,
    referral_id bigint not null,
    place integer not null,
    token_id bytea not null,
    result text,
    answered_at timestamptz,
    staff_id bigint references staff (id),
    constraint verification_sample_pkey primary key (petition_id, referral_id, place),
    constraint verification_sample_verification_fkey
    foreign key (petition_id, referral_id) references verification (petition_id, referral_id),
    constraint verification_sample_result_check check (result in ('verified', 'refused', 'no_answer', 'gone')),
    constraint verification_sample_answered_check check ((result is null) = (answered_at is null))
);
comment on table verification_sample is
'The places that were drawn and what became of each: answered by the person, or recorded by a clerk (staff_id).';
comment on column verification_sample.result is
'Says of a random key whether its holder confirmed. Nobody''s name: that is only with the signature, while it is kept.';
create index verification_sample_token_idx on verification_sample (petition_id, token_id);

create table export (
    petition_id bigint not null,
    id bigint generated always as identity,
    referral_id bigint not null,
    staff_id bigint not null references staff (id),
    content text not null,
    format text not null,
    purpose text not null,
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    most integer not null,
    constraint export_pkey primary key (petition_id, id),
    constraint export_referral_fkey foreign key (petition_id, referral_id) references referral (petition_id, id),
    constraint export_content_check check (content in ('handover', 'letters')),
    constraint export_format_check check (format in ('xlsx', 'csv', 'csv_bom')),
    constraint export_purpose_check check (purpose <> ''),
    constraint export_expires_check check (expires_at > asked_at)
);
comment on table export is
'Who asked for signatures of a petition, for what purpose, and until when the link works. The data itself is never kept here.';
comment on column export.purpose is
'Why the data was needed, in the words of the member of staff. Never personal data of signatories. Kept as long as the service runs.';

create table export_log (
    petition_id bigint not null,
    id bigint generated always as identity,
    export_id bigint not null,
    staff_id bigint not null references staff (id),
    downloaded_at timestamptz not null,
    signatures integer not null,
    sha256 text not null,
    constraint export_log_pkey primary key (petition_id, id),
    constraint export_log_export_fkey foreign key (petition_id, export_id) references export (petition_id, id),
    constraint export_log_sha256_check check (length(sha256) = 64)
);
comment on table export_log is
'Every download of signatures: who, when, how many rows, and the SHA-256 of the file. Rows are only added.';
create index export_log_export_idx on export_log (petition_id, export_id);

alter table staff add column may_export boolean not null default false;
comment on column staff.may_export is
'Whether a clerk may export signatures of petitions before their committees. Given by an administrator.';
