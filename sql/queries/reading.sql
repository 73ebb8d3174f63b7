-- Reading: what pages, the API and the embedded counters show. No locks.

-- name: counters_read
-- The counts of all petitions that changed since a moment; one query a second serves all pages. Index: none (small).
select
    c.petition_id,
    c.confirmed,
    c.changed_at
from
    signature_count as c
where
    c.changed_at >= :since::timestamptz;

-- name: health_read^
-- The worker's last sign of life and the mail that waits. Index: outbox_waiting_idx.
select
    (select h.beat_at from heartbeat as h where h.name = 'worker') as worker_at,
    (select count(*) from outbox as o where o.state = 'waiting' and o.next_at <= now()) as mails_waiting,
    coalesce(
        (
            select extract(epoch from now() - min(o.created_at))::integer
            from outbox as o where o.state = 'waiting' and o.next_at <= now()
        ),
        0
    ) as oldest_mail_seconds;
