-- Moderation: the queue, claims, private notes, and the decisions to accept, reject or take down.

-- name: petition_claim$
-- Claim a waiting petition. No row: a colleague has it (and the claim has not expired), or it is decided.
update petition
set
    claimed_by = :staff_id::bigint,
    claimed_at = :now::timestamptz
where
    id = :petition_id::bigint
    and stage = 'moderation'
    and (
        claimed_by is null
        or claimed_by = :staff_id::bigint
        or claimed_at < :expired_before::timestamptz
    )
returning id;

-- name: petition_release!
-- Give a claim back. Index: petition_pkey.
update petition
set
    claimed_by = null,
    claimed_at = null
where
    id = :petition_id::bigint
    and claimed_by = :staff_id::bigint;

-- name: petition_moderated^
-- A petition for a decision, its row locked so that two decisions cannot cross. Index: petition_pkey.
select
    p.id, p.stage, p.procedure_code, p.procedure_version, p.subject, p.timezone, p.claimed_by, p.claimed_at, p.version
from
    petition as p
where
    p.id = :petition_id::bigint
for update;

-- name: petition_open$
-- Open a petition for signing. No row: somebody decided first. Index: petition_pkey.
update petition
set
    stage = 'open',
    opened_at = :now::timestamptz,
    closes_at = :closes_at::timestamptz,
    claimed_by = null,
    claimed_at = null,
    version = version + 1
where
    id = :petition_id::bigint
    and stage = 'moderation'
returning id;

-- name: petition_end$
-- Reject a waiting petition or take a public one down, with ground and reason. No row: somebody decided first.
update petition
set
    stage = :target::text,
    ended_at = :now::timestamptz,
    ground = :ground::text,
    reason = :reason::text,
    text_hidden = :text_hidden::boolean,
    claimed_by = null,
    claimed_at = null,
    version = version + 1
where
    id = :petition_id::bigint
    and stage = :source::text
returning id;

-- name: moderation_note_add!
-- Add a private note. Index: none needed.
insert into moderation_note (petition_id, staff_id, text, created_at)
values (:petition_id::bigint, :staff_id::bigint, :text::text, :now::timestamptz);
