-- Thresholds: copied to a petition at opening; reached by a count, by opening or by closing.

-- name: thresholds_copy!
-- Copy the thresholds of the procedure to rows of the petition. Index: threshold_pkey.
-- may be null: months[], days[]
insert into threshold (
    petition_id, code, number, effect, moment, required, committee_slug, reply_within, reply_working_days
)
select
    :petition_id::bigint, t.code, t.number, t.effect, t.moment, t.required, t.committee_slug,
    make_interval(months => t.months, days => t.days), t.working_days
from
    unnest(
        :codes::text[], :effects::text[], :moments::text[], :required::bigint[], :committees::text[],
        :months::integer[], :days::integer[], :working_days::integer[]
    ) with ordinality as t (code, effect, moment, required, committee_slug, months, days, working_days, number);

-- name: thresholds_reach
-- Record the thresholds that are reached by opening or closing, or by the count at that moment, each with its referral,
-- events and mail. (Crossings by signatures are recorded by signatures_confirm in the same statement as the count.)
-- Locks signature_count first, as signatures_confirm does. Index: threshold_pkey.
with locked as (
    select
        c.petition_id,
        c.confirmed + c.paper_added as supported
    from
        signature_count as c
    where
        c.petition_id = :petition_id::bigint
    for update
),
reached as (
    update threshold as t
    set
        reached_at = :now::timestamptz
    from
        locked as l
    inner join petition as p on l.petition_id = p.id
    where
        t.petition_id = l.petition_id
        and threshold_is_crossed_v1(t.reached_at, t.moment, t.required, l.supported, :moment::text)
    returning
        t.petition_id,
        t.code,
        t.number,
        t.effect,
        t.required,
        t.committee_slug,
        due_after((:now::timestamptz at time zone p.timezone)::date, t.reply_within, t.reply_working_days) as due_on
),
referred as (
    insert into referral (petition_id, threshold_code, committee_slug, effect, state, created_at, due_on)
    select r.petition_id, r.code, r.committee_slug, r.effect, 'waiting', :now::timestamptz, r.due_on
    from reached as r
    where r.effect <> 'publish'
    on conflict (petition_id, threshold_code) do nothing
    returning petition_id, id, threshold_code, committee_slug, due_on
),
events as (
    insert into event (petition_id, occurred_at, kind, actor, public, data)
    select petition_id, :now::timestamptz, kind, 'system', true, data
    from (
        select
            0 as step, r.petition_id, r.number, 'threshold_reached' as kind,
            jsonb_build_object('threshold', r.code, 'required', r.required) as data
        from reached as r
        where r.required is not null
        union all
        select
            1, f.petition_id, r.number, 'referred',
            jsonb_build_object(
                'threshold', f.threshold_code, 'committee', f.committee_slug, 'due_on', f.due_on, 'referral', f.id
            )
        from referred as f
        inner join reached as r on f.threshold_code = r.code
    ) as happened
    order by number, step
    returning id, petition_id
),
told as (
    insert into outbox (kind, priority, petition_id, event_id, created_at, next_at)
    select 'event', 3, e.petition_id, e.id, :now::timestamptz, :now::timestamptz
    from events as e
    returning id
)
select
    r.code,
    (select count(*) from told) as mails
from
    reached as r
order by
    r.number;

-- name: petition_close$
-- Close a petition. No row: it was no longer open. Index: petition_pkey.
update petition
set
    stage = 'closed',
    closed_at = :now::timestamptz,
    version = version + 1
where
    id = :petition_id::bigint
    and stage = 'open'
returning id;

-- name: petitions_to_close
-- Open petitions whose last day has ended, and where an early stop could apply. Index: petition_closes_idx.
-- not null: opened_at
select
    p.id, p.procedure_code, p.procedure_version, p.opened_at, p.closes_at, p.timezone,
    c.confirmed + c.paper_added as supported
from
    petition as p
inner join signature_count as c on p.id = c.petition_id
where
    p.stage = 'open'
    and (
        p.closes_at <= :now::timestamptz
        or (p.procedure_code, p.procedure_version) in (
            select e.code, e.version from unnest(:early_codes::text[], :early_versions::integer[]) as e (code, version)
        )
    )
order by
    p.id;
