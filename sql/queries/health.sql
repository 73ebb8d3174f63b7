-- Health: whether processes live, and how much mail waits.

-- name: heartbeat_beat!
-- Record the heartbeat of a process. Index: heartbeat_pkey.
insert into heartbeat (name, beat_at)
values (:name::text, :now::timestamptz)
on conflict (name) do update set beat_at = excluded.beat_at;

-- name: health_read^
-- The worker's last heartbeat and the pending mail. Index: outbox_waiting_idx.
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
