-- That a check is late is told once for each day on which it was due; and a form that somebody goes on with later.

create unique index event_delayed_key on event (petition_id, (data ->> 'due_on')) where kind = 'delayed';

create table saved_draft (
    token_hash bytea not null,
    address_index bytea not null,
    answers bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint saved_draft_pkey primary key (token_hash)
);
comment on table saved_draft is
'A start form that is not finished, for who has the link from the mail. Deleted by its owner, or at expires_at.';
comment on column saved_draft.token_hash is 'Hash of the secret in the link: who reads the database cannot make the link.';
comment on column saved_draft.address_index is
'Keyed hash of the address, so that nobody is mailed too often. Kept until expires_at (14 days).';
comment on column saved_draft.answers is
'What was typed of the petition, never of the person; encrypted under a key that only the link holds. Kept until expires_at.';
create index saved_draft_recent_idx on saved_draft (address_index, created_at);
create index saved_draft_expires_idx on saved_draft (expires_at);

comment on table outbox is
'Mail to be sent: who and about what, by reference. The worker renders and sends it; no text stands here, and no address
but sealed, of a mail about something that has no row of its own.';
comment on column outbox.secret is
'Sealed secret of a one-time link (sign-in, saved draft), with the address of the latter; emptied when sent.';
