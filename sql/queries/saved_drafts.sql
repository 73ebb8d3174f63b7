-- Saved drafts: an unfinished start form, stored for some days for the holder of its link.

-- name: saved_draft_keep!
-- Store a form, and queue the mail with its link; at most five in an hour for one address. Index: saved_draft_recent_idx.
with recent as (
    select count(*) as links
    from saved_draft as d
    where
        d.address_index = :address_index::bytea
        and d.created_at > :now::timestamptz - interval '1 hour'
),
kept as (
    insert into saved_draft (token_hash, address_index, answers, created_at, expires_at)
    select
        :token_hash::bytea, :address_index::bytea, :answers::bytea, :now::timestamptz, :expires_at::timestamptz
    from recent as r
    where r.links < 5
    returning token_hash
)
insert into outbox (kind, priority, secret, created_at, next_at)
select 'saved_draft', 1, :secret::bytea, :now::timestamptz, :now::timestamptz
from kept;

-- name: saved_draft_find^
-- A saved form, unless it has expired. Index: saved_draft_pkey.
select
    d.answers,
    d.expires_at
from
    saved_draft as d
where
    d.token_hash = :token_hash::bytea
    and d.expires_at > :now::timestamptz;

-- name: saved_draft_erase!
-- Delete a form that its owner erased or submitted. Index: saved_draft_pkey.
delete from saved_draft
where
    token_hash = :token_hash::bytea;

-- name: saved_drafts_forget!
-- Delete expired forms. Index: saved_draft_expires_idx.
delete from saved_draft
where
    expires_at <= :now::timestamptz;
