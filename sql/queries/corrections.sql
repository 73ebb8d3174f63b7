-- Corrections: the facts of a published event are corrected, and the earlier ones are kept with it.

-- name: event_correctable^
-- A step or an extension of one referral as it was published, with the position of the step among the others. The row
-- of the referral is locked. Indexes: event_pkey, referral_step_pkey.
select
    e.id, e.kind, e.occurred_at, e.data,
    s.number, s.step_code, s.kind as step_kind
from
    event as e
left join referral_step as s
    on
        e.petition_id = s.petition_id
        and s.referral_id = :referral_id::bigint
        and e.id = s.event_id
where
    e.petition_id = :petition_id::bigint
    and e.id = :event_id::bigint
    and e.kind = 'step'
    and (e.data ->> 'referral')::bigint = :referral_id::bigint;

-- name: news_correctable^
-- News that an initiator published, and the number of its corrections. The row of the petition is locked.
-- Indexes: event_pkey, event_corrected_idx.
select
    e.data,
    (
        select count(*)::integer
        from event as c
        where
            c.petition_id = e.petition_id
            and c.kind = 'corrected'
            and (c.data ->> 'event')::bigint = e.id
    ) as corrections
from
    event as e
where
    e.petition_id = :petition_id::bigint
    and e.id = :event_id::bigint
    and e.kind = 'update';

-- name: event_correct!
-- Correct the facts of an event and of its step; the event that is recorded with this keeps the earlier ones.
-- The row of the referral (of news: of the petition) is locked. Indexes: event_pkey, referral_step_pkey.
-- may be null: referral_id
with step as (
    update referral_step
    set
        data = (data - :emptied::text []) || :facts::jsonb,
        happened_on = coalesce(:happened_on::date, happened_on)
    where
        petition_id = :petition_id::bigint
        and referral_id = :referral_id::bigint
        and event_id = :event_id::bigint
)
update event
set
    data = (data - :emptied::text [])
    || :facts::jsonb
    || case when :happened_on::date is null then '{}'::jsonb else jsonb_build_object('date', :happened_on::date) end
where
    petition_id = :petition_id::bigint
    and id = :event_id::bigint;

-- name: referral_corrected$
-- Update a referral after a correction: its version, so that a concurrent change by a colleague is refused, and the
-- meeting and rapporteur that are shown with it. No row: a colleague was first. Index: referral_pkey.
update referral
set
    rapporteur = :rapporteur::text,
    meeting_at = :meeting_at::timestamptz,
    meeting_place = :meeting_place::text,
    version = version + 1
where
    petition_id = :petition_id::bigint
    and id = :referral_id::bigint
    and version = :version::integer
returning version;

-- name: corrections_withhold!
-- Erase these facts from earlier corrections of an event: they may contain the personal data as well.
-- The row of the referral (of news: of the petition) is locked. Index: event_corrected_idx.
update event
set
    data = data
    || jsonb_build_object(
        'withheld', true,
        'changes', (
            select jsonb_object_agg(
                c.key,
                case when c.key = any(:names::text []) then '{"before": null, "after": null}'::jsonb else c.value end
            )
            from jsonb_each(data -> 'changes') as c
        )
    )
    || case when 'title' = any(:names::text []) then '{"title": ""}'::jsonb else '{}'::jsonb end
where
    petition_id = :petition_id::bigint
    and kind = 'corrected'
    and (data ->> 'event')::bigint = :event_id::bigint
    and exists (
        select 1
        from jsonb_object_keys(data -> 'changes') as k (name)
        where k.name = any(:names::text [])
    );
