-- Similar: petitions that share words with a text, in its language.

-- name: petition_similar
-- The public petitions whose title and request share most words with a text, best rank first. They share at least two
-- words, or a fifth of a longer text; for a text of one word, that word. Only the newest ones that `probes` (a tsquery
-- as text) finds are considered; `akin` are other words that count as shared, such as compounds. Index:
-- petition_search_idx.
with asked as (
    select case :language::text when 'en' then 'english'::regconfig else 'dutch'::regconfig end as config
),
words as (
    select
        tsvector_to_array(to_tsvector(a.config, left(:text::text, 600))) as own,
        tsvector_to_array(to_tsvector(a.config, :akin::text)) as akin,
        to_tsquery(a.config, :probes::text) as probes
    from asked as a
),
sought as (
    select
        w.own || w.akin as lexemes,
        w.probes,
        least(cardinality(w.own), greatest(2, cardinality(w.own) / 5)) as needed,
        (
            select string_agg('''' || replace(replace(l.lexeme, '\', '\\'), '''', '''''') || '''', ' | ')
            from unnest(w.own || w.akin) as l (lexeme)
        )::tsquery as query
    from words as w
),
candidate as materialized (
    select p.id
    from sought as s
    inner join petition as p on p.search @@ s.probes
    where
        p.stage in ('open', 'closed')
        and p.id <> :excluding::bigint
    order by p.opened_at desc
    limit 1000
),
ranked as (
    select
        p.id, p.title, p.stage, p.language, s.lexemes, s.needed,
        ts_filter(p.search, '{a,b}') as said,
        ts_rank('{0, 0, 0.5, 1}', p.search, s.query, 1) as rank
    from candidate as c
    inner join petition as p on c.id = p.id
    cross join sought as s
    order by rank desc, p.id asc
    limit 50
)
select r.id, r.title, r.stage, c.confirmed, r.language
from ranked as r
inner join signature_count as c on r.id = c.petition_id
where
    (
        select count(*)
        from unnest(tsvector_to_array(r.said)) as f (lexeme)
        where f.lexeme = any(r.lexemes)
    ) >= r.needed
order by r.rank desc, r.id asc
limit :at_most::integer;
