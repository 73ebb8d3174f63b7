-- Signing: a signature is recorded, confirmed by mail, counted, changed, withdrawn.
-- Lock order everywhere: signature_count by petition_id, then pending_signature by (petition_id, email_index).

-- name: pending_signatures_record
-- Record a batch of signatures that wait for confirmation, and queue one mail for each, for known and new addresses. A
-- new or pending address gets the confirmation mail (at most 5, at least a minute apart); one that has signed gets a
-- mail that says so, once an hour. The result is the same for all: the returned rows are the positions in the batch
-- whose petition takes no signatures (any more), usually none; a row is written in every case, so that the time of the
-- commit reveals nothing either.
-- Locks pending rows in key order. Indexes: petition_pkey, pending_signature_pkey, signature_pkey.
with asked as (
    select
        a.*
    from
        unnest(
            :petition_ids::bigint[], :email_indexes::bytea[], :token_ids::bytea[], :kinds::text[], :contacts::bytea[],
            :show_names::boolean[], :wants_news::boolean[], :languages::text[], :signed_ats::timestamptz[]
        ) with ordinality as a (
            petition_id, email_index, token_id, kind, contact, show_name, wants_news, language, signed_at, place
        )
),
admitted as (
    select
        a.*
    from
        asked as a
    inner join petition as p on a.petition_id = p.id
    inner join signature_count as c on a.petition_id = c.petition_id
    where
        (a.kind = 'signatory' and p.stage = 'open' and (p.closes_at is null or a.signed_at < p.closes_at))
        or (a.kind = 'sponsor' and p.stage in ('sponsoring', 'moderation') and c.sponsors < p.sponsors_maximum)
),
latest as (
    select distinct on (petition_id, email_index)
        a.*
    from
        admitted as a
    order by
        a.petition_id asc, a.email_index asc, a.place desc
),
told as (
    update signature as s
    set
        told_at = case when b.told_at >= l.signed_at - interval '1 hour' then b.told_at else l.signed_at end
    from
        latest as l
    inner join signature as b on l.petition_id = b.petition_id and l.email_index = b.email_index
    where
        s.petition_id = b.petition_id
        and s.email_index = b.email_index
    returning s.petition_id, s.token_id, s.told_at, b.told_at is distinct from s.told_at as is_due
),
recorded as (
    insert into pending_signature as w (
        petition_id, email_index, token_id, kind, contact, show_name, wants_news, language, signed_at, mailed_at
    )
    select
        l.petition_id, l.email_index, l.token_id, l.kind, l.contact, l.show_name, l.wants_news, l.language, l.signed_at, l.signed_at
    from
        latest as l
    where
        not exists (
            select 1 from signature as s where s.petition_id = l.petition_id and s.email_index = l.email_index
        )
    order by
        l.petition_id, l.email_index
    on conflict (petition_id, email_index) do update
        set
            contact = excluded.contact,
            show_name = excluded.show_name,
            wants_news = excluded.wants_news,
            language = excluded.language,
            signed_at = excluded.signed_at,
            reminded_at = null,
            mails_sent = w.mails_sent + (w.mails_sent < 5 and w.mailed_at < excluded.signed_at - interval '1 minute')::integer,
            mailed_at = case
                when w.mails_sent < 5 and w.mailed_at < excluded.signed_at - interval '1 minute' then excluded.signed_at
                else w.mailed_at
            end
    returning w.petition_id, w.token_id, w.mailed_at, w.signed_at
),
mailed as (
    insert into outbox (kind, priority, petition_id, token_id, created_at, next_at)
    select 'confirm', 1, r.petition_id, r.token_id, r.signed_at, r.signed_at from recorded as r where r.mailed_at = r.signed_at
    union all
    select 'signed_already', 1, t.petition_id, t.token_id, t.told_at, t.told_at from told as t where t.is_due
    returning id
)
select a.place
from
    asked as a
left join admitted as d on a.place = d.place
where
    d.place is null;

-- name: signatures_confirm
-- Confirm a batch of pending signatures: move them, count them, add to the hourly tally, record each threshold that is
-- crossed with the referral that follows, and submit a petition whose last required sponsor this was. One statement, so
-- one commit. A token that moves no row is returned without a number: look it up afterwards.
-- Locks signature_count by petition_id, then pending rows in key order. Indexes: signature_count_pkey,
-- pending_signature_token_key, signature_pkey, threshold_pkey.
with asked as (
    select a.*
    from
        unnest(:petition_ids::bigint[], :token_ids::bytea[]) with ordinality as a (petition_id, token_id, place)
),
locked as (
    select
        c.petition_id,
        c.confirmed
    from
        signature_count as c
    where
        c.petition_id in (select a.petition_id from asked as a)
    order by
        c.petition_id
    for update
),
waiting as (
    select
        w.petition_id,
        w.email_index
    from
        locked as l
    inner join petition as p on l.petition_id = p.id
    inner join pending_signature as w on l.petition_id = w.petition_id
    where
        (w.petition_id, w.token_id) in (select a.petition_id, a.token_id from asked as a)
        and w.signed_at + p.forget_after > :now::timestamptz
        and (
            p.stage in ('sponsoring', 'moderation', 'open')
            or (p.stage = 'closed' and w.signed_at <= p.closed_at)
        )
        and (
            coalesce(p.closed_at, p.closes_at) is null
            or :now::timestamptz < coalesce(p.closed_at, p.closes_at) + interval '24 hours'
        )
    order by
        w.petition_id, w.email_index
    for update of w
),
moved as (
    delete from pending_signature as w
    using waiting as g
    where
        w.petition_id = g.petition_id
        and w.email_index = g.email_index
    returning w.*
),
confirmed as (
    insert into signature (
        petition_id, email_index, token_id, kind, number, contact, show_name, wants_news, language, signed_at, confirmed_at
    )
    select
        m.petition_id,
        m.email_index,
        m.token_id,
        m.kind,
        l.confirmed + row_number() over (partition by m.petition_id order by m.signed_at, m.email_index),
        m.contact,
        m.show_name,
        m.wants_news,
        m.language,
        m.signed_at,
        :now::timestamptz
    from
        moved as m
    inner join locked as l on m.petition_id = l.petition_id
    on conflict (petition_id, email_index) do nothing
    returning petition_id, token_id, kind, number
),
gained as (
    select
        c.petition_id,
        count(*) as signatures,
        count(*) filter (where c.kind = 'sponsor') as sponsors
    from
        confirmed as c
    group by
        c.petition_id
),
counted as (
    update signature_count as c
    set
        confirmed = c.confirmed + g.signatures,
        sponsors = c.sponsors + g.sponsors,
        changed_at = :now::timestamptz
    from
        gained as g
    where
        c.petition_id = g.petition_id
    returning c.petition_id, c.confirmed, c.paper_added, c.sponsors
),
tallied as (
    insert into signature_hour as h (petition_id, hour, confirmed)
    select g.petition_id, date_trunc('hour', :now::timestamptz, 'UTC'), g.signatures
    from gained as g
    on conflict (petition_id, hour) do update set confirmed = h.confirmed + excluded.confirmed
    returning h.petition_id
),
crossed as (
    update threshold as t
    set
        reached_at = :now::timestamptz
    from
        counted as c
    inner join petition as p on c.petition_id = p.id
    where
        t.petition_id = c.petition_id
        and threshold_is_crossed_v1(t.reached_at, t.moment, t.required, c.confirmed + c.paper_added, 'count')
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
    select c.petition_id, c.code, c.committee_slug, c.effect, 'waiting', :now::timestamptz, c.due_on
    from crossed as c
    where c.effect <> 'publish'
    on conflict (petition_id, threshold_code) do nothing
    returning petition_id, id, threshold_code, committee_slug, due_on
),
submitted as (
    update petition as p
    set
        stage = 'moderation',
        submitted_at = :now::timestamptz,
        moderation_due_on = due_after(
            (:now::timestamptz at time zone p.timezone)::date, p.moderation_within, p.moderation_working_days
        ),
        version = p.version + 1
    from
        counted as c
    where
        p.id = c.petition_id
        and p.stage = 'sponsoring'
        and c.sponsors >= p.sponsors_required
    returning p.id, c.sponsors, p.moderation_due_on, p.title, p.request, p.reasons, p.previous_action
),
texts as (
    insert into petition_text (petition_id, number, title, request, reasons, previous_action, recorded_at)
    select
        s.id,
        1 + (select count(*) from petition_text as x where x.petition_id = s.id),
        s.title, s.request, s.reasons, s.previous_action, :now::timestamptz
    from submitted as s
    returning petition_id
),
events as (
    insert into event (petition_id, occurred_at, kind, actor, public, data)
    select petition_id, :now::timestamptz, kind, 'system', true, data
    from (
        select
            0 as step, c.petition_id, c.number, 'threshold_reached' as kind,
            jsonb_build_object('threshold', c.code, 'required', c.required) as data
        from crossed as c
        union all
        select
            1, r.petition_id, c.number, 'referred',
            jsonb_build_object(
                'threshold', r.threshold_code, 'committee', r.committee_slug, 'due_on', r.due_on, 'referral', r.id
            )
        from referred as r
        inner join crossed as c on r.petition_id = c.petition_id and r.threshold_code = c.code
        union all
        select
            2, s.id, 0, 'submitted', jsonb_build_object('sponsors', s.sponsors, 'due_on', s.moderation_due_on)
        from submitted as s
    ) as happened
    order by petition_id, number, step
    returning id, petition_id
),
told as (
    insert into outbox (kind, priority, petition_id, event_id, created_at, next_at)
    select 'event', 3, e.petition_id, e.id, :now::timestamptz, :now::timestamptz
    from events as e
    returning id
)
select
    a.place,
    c.number,
    c.kind,
    k.confirmed as total,
    (select count(*) from told) as mails
from
    asked as a
left join confirmed as c on a.petition_id = c.petition_id and a.token_id = c.token_id
left join counted as k on a.petition_id = k.petition_id
order by
    a.place;

-- name: signatures_find
-- A batch of signatures by their random keys, pending, confirmed or withdrawn, with the data for their owners.
-- One row for each key, in the same order; `state` is null for an unknown key.
-- Indexes: signature_token_key, pending_signature_token_key, withdrawn_signature_pkey.
select
    f.state, f.kind, f.number, f.email_index, f.contact, f.show_name, f.wants_news, f.language, f.signed_at, f.confirmed_at
from
    unnest(:petition_ids::bigint[], :token_ids::bytea[]) with ordinality as a (petition_id, token_id, place)
left join lateral (
    select
        'confirmed' as state, s.kind, s.number, s.email_index, s.contact, s.show_name, s.wants_news, s.language,
        s.signed_at, s.confirmed_at
    from
        signature as s
    where
        s.petition_id = a.petition_id
        and s.token_id = a.token_id
    union all
    select
        'waiting', w.kind, null, w.email_index, w.contact, w.show_name, w.wants_news, w.language, w.signed_at, null
    from
        pending_signature as w
    where
        w.petition_id = a.petition_id
        and w.token_id = a.token_id
    union all
    select
        'withdrawn', null, null, null, null, null, null, null, null, d.withdrawn_at
    from
        withdrawn_signature as d
    where
        d.petition_id = a.petition_id
        and d.token_id = a.token_id
    limit 1
) as f on true
order by
    a.place;

-- name: petition_for_signing^
-- The data of a petition that signing needs; a text that is hidden or was taken down is empty. Index: petition_pkey.
select
    p.id,
    p.procedure_code,
    p.procedure_version,
    p.stage,
    p.language,
    case when v.hidden then '' else p.title end as title,
    case when v.hidden then '' else p.request end as request,
    case when v.hidden then '' else p.reasons end as reasons,
    p.initiator_name,
    p.data_key,
    p.salt,
    p.sponsor_key,
    p.closes_at,
    p.closed_at,
    p.forget_after,
    p.remind_after,
    p.sponsors_required,
    p.sponsors_maximum,
    c.confirmed,
    c.sponsors
from
    petition as p
cross join lateral (select p.text_hidden or p.stage = 'removed' as hidden) as v
inner join signature_count as c on p.id = c.petition_id
where
    p.id = :petition_id::bigint;
