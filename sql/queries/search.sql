-- Search: lists of public petitions, for pages and the API. A text that is hidden is neither shown nor found.
-- First the ids of the petitions on one page are found, from narrow rows; then those few petitions are read.

-- name: search_words_containing
-- For each sought word (`place` counts them from 1) the words of public texts that contain it, shortest first: parts of
-- compounds. `common` says that the word is a stop word of the language, so that it must not narrow the search; for a
-- stop word or a word that is too short there are no compounds. No locks. Index: search_word_tails_idx.
-- not null: common
select
    a.place::integer as place,
    k.common,
    w.word
from
    unnest(:words::text[]) with ordinality as a (word, place)
cross join lateral (
    select numnode(to_tsquery(
        case :language::text when 'en' then 'english'::regconfig else 'dutch'::regconfig end, quote_literal(a.word)
    )) = 0 as common
) as k
left join lateral (
    select s.word
    from search_word as s
    where
        not k.common
        and length(a.word) >= :shortest::integer
        and s.tails @@ (quote_literal(a.word) || ':*')::tsquery
    order by length(s.word), s.word
    limit :most::integer
) as w on true
order by
    a.place, length(w.word), w.word;

-- name: search_words_near
-- Words of public texts that share one of these spellings, as candidates for a suggestion, limited for each spelling.
-- No locks. Index: search_word_spellings_idx.
select distinct w.word
from unnest(:spellings::text[]) as q (spelling)
cross join lateral (
    select s.word
    from search_word as s
    where s.spellings @@ quote_literal(q.spelling)::tsquery
    order by length(s.word), s.word -- not by the word alone, or its whole index would be scanned
    limit :most::integer
) as w
order by w.word;

-- name: petitions_search
-- The public petitions with these words, one page of their ids, with the total; one row without an id where the page is
-- empty. Words are searched with the Dutch and the English dictionary: as typed, the last one also as a prefix, and
-- (`wide`, a tsquery as text) with the words that contain or resemble them, which rank lower. For words in very many
-- petitions only the newest petitions are ranked (`most_ranked`); the others follow, newest first.
-- No locks. Index: petition_search_idx.
with asked as (
    select e.exact, e.exact || to_tsquery('dutch', :wide::text) || to_tsquery('english', :wide::text) as wide
    from (
        select
            websearch_to_tsquery('dutch', :words::text)
            || websearch_to_tsquery('english', :words::text)
            || (websearch_to_tsquery('dutch', :words_before::text) && to_tsquery('dutch', :beginning::text))
            || (websearch_to_tsquery('english', :words_before::text) && to_tsquery('english', :beginning::text)) as exact
    ) as e
),
found as materialized (
    select
        p.id,
        case when :sort::text = 'near' then c.confirmed::double precision / n.required end as nearness,
        case when :sort::text = 'closing' then p.closes_at end as closes_at,
        c.confirmed,
        coalesce(p.opened_at, p.ended_at) as began_at
    from
        asked as a
    inner join petition as p on p.search @@ a.wide
    left join signature_count as c on p.id = c.petition_id and :sort::text in ('signatures', 'near')
    left join lateral (
        select min(t.required) as required
        from threshold as t
        where
            t.petition_id = p.id
            and t.reached_at is null
            and t.required > c.confirmed
    ) as n on :sort::text = 'near' and p.stage = 'open'
    where
        petition_is_findable(p.stage, p.text_hidden, p.opened_at)
        and p.stage = any(:stages::text[])
        and (:subject::text is null or p.subject = :subject::text)
        and (:procedures::text[] is null or p.procedure_code = any(:procedures::text[]))
        and (
            :committee::text is null
            or exists (select 1 from threshold as t where t.petition_id = p.id and t.committee_slug = :committee::text)
        )
        and (
            :handling::text is null
            or exists (
                select 1
                from referral as f
                where
                    f.petition_id = p.id
                    and (f.decided_at is null) = (:handling::text = 'referred')
            )
        )
),
ranked as (
    select
        f.id, f.nearness, f.closes_at, f.confirmed, f.began_at,
        (
            case
                when p.search @@ a.exact then 1 + ts_rank(p.search, a.exact)
                else ts_rank(p.search, a.wide)
            end
        )::real as rank
    from (
        select f.id, f.nearness, f.closes_at, f.confirmed, f.began_at
        from found as f
        where :sort::text = 'relevance'
        order by f.began_at desc, f.id desc
        limit :most_ranked::integer
    ) as f
    inner join petition as p on f.id = p.id
    cross join asked as a
    union all -- and the others, in a separate branch: their number is unknown at planning time
    select
        f.id, f.nearness, f.closes_at, f.confirmed, f.began_at,
        null::real as rank
    from (
        select f.id, f.nearness, f.closes_at, f.confirmed, f.began_at
        from found as f
        order by f.began_at desc, f.id desc
        offset case when :sort::text = 'relevance' then :most_ranked::integer else 0 end
    ) as f
),
shown as (
    select r.id, row_number() over () as place
    from (
        select r.id
        from ranked as r
        order by
            r.rank desc nulls last,
            r.nearness desc nulls last,
            r.closes_at asc nulls last,
            r.confirmed desc nulls last,
            r.began_at desc,
            r.id desc
        limit :most::integer
        offset :skip::integer
    ) as r
)
select t.total, s.id
from (select count(*) as total from found) as t
left join shown as s on true
order by s.place;

-- name: petitions_list
-- Public petitions without a search for words, one page of their ids, with the total; one row without an id where the
-- page is empty. No locks. Indexes: petition_list_idx alone (no row of petition is read), threshold_waiting_idx.
with nearest as (
    select t.petition_id, min(t.required) as required
    from threshold as t
    inner join signature_count as c on t.petition_id = c.petition_id
    where
        :sort::text = 'near'
        and t.reached_at is null
        and t.required > c.confirmed
    group by t.petition_id
),
decided as (
    select r.petition_id, max(r.decided_at) as decided_at
    from referral as r
    where :sort::text = 'decided'
    group by r.petition_id
),
found as materialized (
    select
        p.id,
        c.confirmed::double precision / n.required as nearness,
        c.confirmed,
        d.decided_at,
        case when :sort::text = 'closing' then p.closes_at end as closes_at,
        coalesce(p.opened_at, p.ended_at) as began_at
    from
        petition as p
    left join signature_count as c on p.id = c.petition_id and :sort::text in ('signatures', 'near')
    left join nearest as n on p.id = n.petition_id and p.stage = 'open'
    left join decided as d on p.id = d.petition_id
    where
        p.stage = any(:stages::text[])
        and (p.stage in ('open', 'closed', 'rejected', 'removed') or (p.stage = 'withdrawn' and p.opened_at is not null))
        and (:subject::text is null or p.subject = :subject::text)
        and (:procedures::text[] is null or p.procedure_code = any(:procedures::text[]))
        and (
            :committee::text is null
            or p.id in (select t.petition_id from threshold as t where t.committee_slug = :committee::text)
        )
        and (
            :handling::text is null
            or p.id in (
                select f.petition_id
                from referral as f
                where (f.decided_at is null) = (:handling::text = 'referred')
            )
        )
),
shown as (
    select f.id, row_number() over () as place
    from (
        select f.id
        from found as f
        order by
            f.nearness desc nulls last,
            f.closes_at asc nulls last,
            f.decided_at desc nulls last,
            f.confirmed desc nulls last,
            f.began_at desc,
            f.id desc
        limit :most::integer
        offset :skip::integer
    ) as f
)
select t.total, s.id
from (select count(*) as total from found) as t
left join shown as s on true
order by s.place;

-- name: petitions_shown
-- The petitions of one page, in the given order. Indexes: petition_pkey, threshold_pkey, referral_pkey.
select
    p.id, p.procedure_code, p.procedure_version, p.timezone, p.stage, p.language, p.subject,
    p.opened_at, p.closes_at, p.closed_at, p.ended_at, p.ground,
    v.hidden,
    case when not v.hidden then p.title end as title,
    case when not v.hidden then p.request end as request,
    case when not v.hidden and p.stage <> 'rejected' then p.initiator_name end as initiator_name,
    c.confirmed,
    n.code as next_code,
    n.required as next_required,
    r.state as referral_state,
    r.outcome,
    r.threshold_code,
    r.decided_at
from
    unnest(:ids::bigint[]) with ordinality as i (id, place)
inner join petition as p on i.id = p.id
cross join lateral (select p.text_hidden or p.stage = 'removed' as hidden) as v
inner join signature_count as c on p.id = c.petition_id
left join lateral (
    select t.code, t.required
    from threshold as t
    where
        t.petition_id = p.id
        and t.reached_at is null
        and t.required > c.confirmed
    order by
        t.required
    limit 1
) as n on p.stage = 'open'
left join lateral (
    select f.state, f.outcome, f.threshold_code, f.decided_at
    from referral as f
    where
        f.petition_id = p.id
    order by
        f.decided_at desc nulls last, f.id asc
    limit 1
) as r on true
where
    p.stage in ('open', 'closed', 'rejected', 'removed') or (p.stage = 'withdrawn' and p.opened_at is not null)
order by
    i.place;
