-- A signature managed by its owner: choices, erasure, withdrawal. Lock order as in signing.sql.

-- name: signature_choose!
-- Change the two choices of a confirmed signature (show the name, get news). Index: signature_token_key.
update signature
set
    show_name = :show_name::boolean,
    wants_news = :wants_news::boolean
where
    petition_id = :petition_id::bigint
    and token_id = :token_id::bytea;

-- name: signature_erase!
-- Erase what a signatory typed; a confirmed signature stays counted. Index: signature_token_key.
update signature
set
    contact = null,
    show_name = false,
    wants_news = false
where
    petition_id = :petition_id::bigint
    and token_id = :token_id::bytea
    and kind <> 'initiator';

-- name: pending_signature_delete$
-- Delete a signature that was never confirmed. No row: there is none, or it was confirmed just now (this waits for a
-- concurrent confirmation). Index: pending_signature_token_key.
delete from pending_signature
where
    petition_id = :petition_id::bigint
    and token_id = :token_id::bytea
returning token_id;

-- name: signature_withdraw^
-- Withdraw a signature while signatures are being collected: deletes the row, and updates count and tally.
-- A reached threshold stays reached. Locks signature_count first. Index: signature_token_key.
with locked as (
    select c.petition_id
    from signature_count as c
    where c.petition_id = :petition_id::bigint
    for update
),
gone as (
    delete from signature as s
    using locked as l, petition as p
    where
        s.petition_id = l.petition_id
        and p.id = l.petition_id
        and p.stage in ('sponsoring', 'moderation', 'open')
        and (p.closes_at is null or :now::timestamptz < p.closes_at)
        and s.token_id = :token_id::bytea
        and s.kind <> 'initiator'
    returning s.petition_id, s.token_id, s.kind
),
remembered as (
    insert into withdrawn_signature (petition_id, token_id, withdrawn_at)
    select g.petition_id, g.token_id, :now::timestamptz from gone as g
    returning petition_id
),
tallied as (
    insert into signature_hour as h (petition_id, hour, withdrawn)
    select g.petition_id, date_trunc('hour', :now::timestamptz, 'UTC'), 1 from gone as g
    on conflict (petition_id, hour) do update set withdrawn = h.withdrawn + 1
    returning h.petition_id
)
update signature_count as c
set
    confirmed = c.confirmed - 1,
    sponsors = c.sponsors - (g.kind = 'sponsor')::integer,
    changed_at = :now::timestamptz
from
    gone as g
where
    c.petition_id = g.petition_id
returning c.confirmed;

-- name: signature_stop_news!
-- Unsubscribe a signature from news mails. Index: signature_token_key.
update signature
set
    wants_news = false
where
    petition_id = :petition_id::bigint
    and token_id = :token_id::bytea;
