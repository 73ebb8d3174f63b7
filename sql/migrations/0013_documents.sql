-- Documents of a petition's dossier, and the printed dossiers and posters that the worker makes.

create table document (
    petition_id bigint not null references petition (id),
    id bigint generated always as identity,
    referral_id bigint not null,
    title text not null,
    kind text not null,
    dated_on date not null,
    language text not null,
    summary text not null,
    public boolean not null,
    url text,
    sha256 text,
    size integer,
    findings jsonb not null default '{}',
    version integer not null default 1,
    added_at timestamptz not null,
    added_by bigint not null references staff (id),
    published_at timestamptz,
    withdrawn_at timestamptz,
    withdrawn_reason text,
    withdrawn_by bigint references staff (id),
    constraint document_pkey primary key (petition_id, id),
    constraint document_referral_fkey foreign key (petition_id, referral_id) references referral (petition_id, id),
    constraint document_kind_check check (
        kind in ('report', 'letter', 'response', 'agenda', 'transcript', 'other')
    ),
    constraint document_content_check check (
        (url is null and sha256 is not null and size is not null)
        or (url is not null and sha256 is null and size is null)
    ),
    constraint document_size_check check (size between 1 and 10485760),
    constraint document_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
    constraint document_findings_check check (jsonb_typeof(findings) = 'object'),
    constraint document_withdrawn_check check (
        (withdrawn_at is null) = (withdrawn_reason is null)
        and (withdrawn_at is null or published_at is not null)
    )
);
comment on table document is
'Documents that a committee added: a file on the shelf, by its hash, or a link. Not shown to others before published_at;
withdrawn ones stay, with the reason. Rows are deleted only while they were never published.';
comment on column document.summary is 'What stands in it, in short, for who cannot read the file.';
comment on column document.public is 'For everybody; else only for the committee.';
comment on column document.findings is
'What was found in the file: pages, title, language, whether it is tagged, and names of people in its metadata, which a clerk
sees before it is published. The names are taken out of here at publication.';
comment on column document.added_by is 'The clerk. Not shown to the public.';
create index document_sha256_idx on document (sha256) where sha256 is not null;

create table dossier_print (
    petition_id bigint not null references petition (id),
    id bigint generated always as identity,
    edition text not null,
    language text not null,
    state text not null,
    requested_at timestamptz not null,
    requested_by bigint references staff (id),
    attempts integer not null default 0,
    leased_until timestamptz,
    facts_hash text,
    made_at timestamptz,
    sha256 text,
    size integer,
    pages integer,
    problem text,
    constraint dossier_print_pkey primary key (petition_id, id),
    constraint dossier_print_edition_check check (edition in ('public', 'committee', 'poster')),
    constraint dossier_print_state_check check (state in ('waiting', 'made', 'failed')),
    constraint dossier_print_made_check check (
        state <> 'made'
        or (facts_hash is not null and made_at is not null and sha256 is not null and size is not null and pages is not null)
    ),
    constraint dossier_print_failed_check check (state <> 'failed' or problem is not null),
    constraint dossier_print_sha256_check check (sha256 ~ '^[0-9a-f]{64}$')
);
comment on table dossier_print is
'Dossiers and posters as PDF: what was asked for, and what the worker made. Of each edition and language the newest that was made
is kept.';
comment on column dossier_print.requested_by is 'The clerk who asked for it; null for the public.';
create unique index dossier_print_waiting_key on dossier_print (petition_id, edition, language) where state = 'waiting';
create index dossier_print_queue_idx on dossier_print (requested_at) where state = 'waiting';
create index dossier_print_sha256_idx on dossier_print (sha256) where sha256 is not null;
