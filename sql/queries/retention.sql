-- Retention: signatures that wait are reminded of once; they and the personal data of petitions that ended are forgotten.

-- name: reminders_queue$
-- Queue the one reminder for the next signatures that have been pending longer than the procedure says, at most `most`
-- of them in one commit; returns how many. Index: pending_signature_reminder_idx.
with due as (
    select
        w.petition_id, w.email_index
    from
        pending_signature as w
    inner join petition as p on w.petition_id = p.id
    where
        w.reminded_at is null
        and w.signed_at <= :now::timestamptz - p.remind_after
        and w.signed_at > :now::timestamptz - p.forget_after
        and p.stage in ('sponsoring', 'moderation', 'open')
    order by
        w.signed_at
    limit :most::integer
    for update of w skip locked
),
reminded as (
    update pending_signature as w
    set
        reminded_at = :now::timestamptz
    from
        due as d
    where
        w.petition_id = d.petition_id
        and w.email_index = d.email_index
    returning w.petition_id, w.token_id
),
queued as (
    insert into outbox (kind, priority, petition_id, token_id, created_at, next_at)
    select 'reminder', 4, r.petition_id, r.token_id, :now::timestamptz, :now::timestamptz
    from reminded as r
    returning id
)
select count(*) from queued;

-- name: pending_signatures_forget$
-- Delete the next signatures that were not confirmed within the days that the procedure sets, at most `most` of them in
-- one commit; returns how many. Index: none (a scan that ends early).
with over as (
    select
        w.petition_id, w.email_index
    from
        pending_signature as w
    inner join petition as p on w.petition_id = p.id
    where
        w.signed_at <= :now::timestamptz - p.forget_after
    order by
        w.signed_at
    limit :most::integer
    for update of w skip locked
),
gone as (
    delete from pending_signature as w
    using over as o
    where
        w.petition_id = o.petition_id
        and w.email_index = o.email_index
    returning w.petition_id
)
select count(*) from gone;

-- name: petitions_ended
-- Ended petitions that still have personal data of signatories, with the day of their last decision, for retention.
select
    p.id, p.procedure_code, p.procedure_version, p.stage, p.timezone, p.closed_at, p.ended_at,
    greatest(
        (select max(r.decided_at) from referral as r where r.petition_id = p.id),
        (select max(o.decided_at) from objection as o where o.petition_id = p.id)
    ) as decided_at,
    exists (
        select 1 from referral as r
        where r.petition_id = p.id and r.state not in ('inadmissible', 'decided', 'concluded')
    )
    or exists (
        select 1 from objection as o
        where o.petition_id = p.id and o.outcome is null
    ) as handling
from
    petition as p
where
    p.stage in ('closed', 'rejected', 'withdrawn', 'removed')
    and p.forgotten_at is null
order by
    p.id;

-- name: signatures_empty^
-- Erase the personal data of the next signatures of a petition past its retention period, in the order of their keys, at
-- most `most` of them in one commit; returns how many there were, and the last key. Index: signature_pkey.
with next_rows as (
    select
        s.petition_id, s.email_index
    from
        signature as s
    where
        s.petition_id = :petition_id::bigint
        and s.email_index > :after::bytea
    order by
        s.email_index
    limit :most::integer
    for update
),
emptied as (
    update signature as s
    set
        contact = null,
        show_name = false,
        wants_news = false
    from
        next_rows as n
    where
        s.petition_id = n.petition_id
        and s.email_index = n.email_index
        and s.contact is not null
    returning s.petition_id
)
select
    (select count(*) from next_rows) as looked_at,
    (select count(*) from emptied) as emptied,
    (select n.email_index from next_rows as n order by n.email_index desc limit 1) as last_index;

-- name: petition_forget!
-- Erase the rest of a petition's personal data: the contact of its initiator, the text of an objection, signatures that
-- were never confirmed, and the key that protects all of it, in back-ups too.
with waiting as (
    delete from pending_signature as w where w.petition_id = :petition_id::bigint
),
silenced as (
    update objection as o
    set
        text = ''
    where
        o.petition_id = :petition_id::bigint
)
update petition
set
    data_key = null,
    initiator_contact = null,
    forgotten_at = :now::timestamptz
where
    id = :petition_id::bigint;
