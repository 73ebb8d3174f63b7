-- Delays: an initiator is informed, once, when moderation takes longer than the procedure says.

-- name: delays_tell!
-- Record a delay for every petition whose check is overdue, in the time zone of its body, with the mail to its
-- initiator. Once per due day, however many workers do this, by event_delayed_key. Index: petition_moderation_idx.
with late as (
    select p.id, p.moderation_due_on as due_on
    from petition as p
    where
        p.stage = 'moderation'
        and p.moderation_due_on < (:now::timestamptz at time zone p.timezone)::date
        and not exists (
            select 1
            from event as e
            where
                e.petition_id = p.id
                and e.kind = 'delayed'
                and e.data ->> 'due_on' = p.moderation_due_on::text
        )
),
happened as (
    insert into event (petition_id, occurred_at, kind, actor, public, data)
    select l.id, :now::timestamptz, 'delayed', 'system', false, jsonb_build_object('due_on', l.due_on::text)
    from late as l
    on conflict do nothing
    returning id, petition_id
)
insert into outbox (kind, priority, petition_id, event_id, created_at, next_at)
select 'event', 3, h.petition_id, h.id, :now::timestamptz, :now::timestamptz
from happened as h;
