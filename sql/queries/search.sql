-- Search: lists of public petitions, for pages and the API. A text that is hidden is neither shown nor found.

-- name: petitions_find
-- Public petitions by words and filters, one page of them, each with the number of all (`total`).
-- Words are looked for with the Dutch and the English dictionary, the last one also as the beginning of a word.
-- No locks. Indexes: petition_search_idx for words, petition_stage_idx; sorted in memory.
with asked as (
    select
        websearch_to_tsquery('dutch', :words::text)
        || websearch_to_tsquery('english', :words::text)
        || (websearch_to_tsquery('dutch', :words_before::text) && to_tsquery('dutch', :beginning::text))
        || (websearch_to_tsquery('english', :words_before::text) && to_tsquery('english', :beginning::text)) as words
)
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
    r.decided_at,
    count(*) over () as total
from
    petition as p
cross join asked as a
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
    (p.stage in ('open', 'closed', 'rejected', 'removed') or (p.stage = 'withdrawn' and p.opened_at is not null))
    and p.stage = any(:stages::text[])
    and (:words::text = '' or (not v.hidden and p.search @@ a.words))
    and (:subject::text is null or p.subject = :subject::text)
    and (:procedure_code::text is null or p.procedure_code = :procedure_code::text)
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
                and case :handling::text
                    when 'referred' then f.decided_at is null
                    else f.decided_at is not null
                end
        )
    )
order by
    case when :sort::text = 'relevance' then ts_rank(p.search, a.words) end desc nulls last,
    case when :sort::text = 'near' then c.confirmed::double precision / n.required end desc nulls last,
    case when :sort::text = 'closing' then p.closes_at end asc nulls last,
    case when :sort::text = 'decided' then r.decided_at end desc nulls last,
    case when :sort::text in ('signatures', 'near') then c.confirmed end desc nulls last,
    coalesce(p.opened_at, p.ended_at) desc,
    p.id desc
limit :most::integer
offset :skip::integer;
