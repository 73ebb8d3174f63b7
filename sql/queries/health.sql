-- Health: which processes are alive.

-- name: heartbeat_beat!
-- Say that a process is alive. Index: heartbeat_pkey.
insert into heartbeat (name, beat_at)
values (:name::text, :now::timestamptz)
on conflict (name) do update set beat_at = excluded.beat_at;
