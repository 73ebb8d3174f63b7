-- Mail: the outbox is leased, sent, settled and forgotten.

-- name: outbox_lease
-- Lease the next mails until a moment: no other worker gets them before. If a worker crashes, its rows are retried with
-- the same Message-ID. Locks the rows, skipping those of another worker. Index: outbox_waiting_idx.
with next_rows as (
    select o.id
    from outbox as o
    where
        o.state = 'waiting'
        and o.next_at <= :now::timestamptz
    order by
        o.priority, o.next_at, o.id
    limit :most::integer
    for update skip locked
)
update outbox as o
set
    next_at = :until::timestamptz,
    attempts = o.attempts + 1
from
    next_rows as n
where
    o.id = n.id
returning o.id, o.attempts;

-- name: outbox_renew
-- Extend the lease of the rows that are still ours: a row with exactly that moment is ours, because another worker that
-- leased it has set a later one. Returns the rows that are ours. Index: outbox_pkey.
update outbox as o
set
    next_at = :until::timestamptz
where
    o.id = any(:ids::bigint[])
    and o.sent_at is null
    and o.next_at = :held_until::timestamptz
returning o.id;

-- name: outbox_settle!
-- Settle mails: sent, dropped or failed for good (a sealed secret is emptied), or waiting for another attempt at
-- `next_at`; `counted` says whether the attempt counts (it does not when the server was away). A row that another worker
-- has leased since, because our lease ran out, is not set to waiting again; "sent" is kept. Waiting rows are found by
-- `sent_at`, not by `state`, so that the planner does not choose outbox_waiting_idx. Index: outbox_pkey.
update outbox as o
set
    state = d.state,
    sent_at = case when d.state <> 'waiting' then :now::timestamptz end,
    secret = case when d.state = 'waiting' then o.secret end,
    problem = d.problem,
    next_at = case when d.state = 'waiting' then d.next_at else o.next_at end,
    attempts = o.attempts - (not d.counted)::integer
from
    unnest(
        :ids::bigint[], :states::text[], :problems::text[], :next_ats::timestamptz[], :counts::boolean[]
    ) as d (id, state, problem, next_at, counted)
where
    o.id = d.id
    and o.sent_at is null
    and (d.state <> 'waiting' or o.next_at = :held_until::timestamptz);

-- name: outbox_forget$
-- Delete old settled rows of the outbox among the `most` oldest; returns how many. Index: outbox_pkey, whose order is
-- chronological.
with oldest as (
    select
        o.id, o.sent_at
    from
        outbox as o
    where
        o.state <> 'waiting'
    order by
        o.id
    limit :most::integer
),
gone as (
    delete from outbox as o
    using oldest as a
    where
        o.id = a.id
        and a.sent_at < :now::timestamptz - interval '30 days'
    returning o.id
)
select count(*) from gone;
