-- Events: everything that happened, each once, with the mail that follows from it.

-- name: event_record$
-- Record an event and, where people are notified, queue one outbox row from which the worker makes the mails.
-- Called in the transaction of the change itself. Index: none needed.
with happened as (
    insert into event (petition_id, occurred_at, kind, actor, staff_id, public, data)
    values (
        :petition_id::bigint, :now::timestamptz, :kind::text, :actor::text, :staff_id::bigint, :public::boolean, :data::jsonb
    )
    returning id, petition_id, occurred_at
),
told as (
    insert into outbox (kind, priority, petition_id, event_id, created_at, next_at)
    select 'event', 3, h.petition_id, h.id, h.occurred_at, h.occurred_at
    from happened as h
    where :tell::boolean
    returning id
)
select h.id
from happened as h;
