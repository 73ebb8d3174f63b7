-- Similar: petitions that share words with a text, in its language.

-- name: petition_similar
-- The public petitions whose title and request share most with a text: any of its words, best rank first. In common are
-- at least two words, and of a longer text a fifth; of a text with one word that one. Index: petition_search_idx.
with asked as (
    select
        case :language::text when 'en' then 'english'::regconfig else 'dutch'::regconfig end as config
),
words as (
    select tsvector_to_array(to_tsvector(a.config, left(:text::text, 600))) as lexemes
    from asked as a
),
sought as (
    select
        w.lexemes,
        least(cardinality(w.lexemes), greatest(2, cardinality(w.lexemes) / 5)) as needed,
        (
            select string_agg('''' || replace(replace(l.lexeme, '\', '\\'), '''', '''''') || '''', ' | ')
            from unnest(w.lexemes) as l (lexeme)
        )::tsquery as query
    from words as w
),
ranked as (
    select
        p.id, p.title, p.stage, p.language, s.lexemes, s.needed,
        ts_filter(p.search, '{a,b}') as said,
        ts_rank('{0, 0, 0.5, 1}', p.search, s.query, 1) as rank
    from sought as s
    inner join petition as p on p.search @@ s.query
    where
        p.stage in ('open', 'closed')
        and p.id <> :excluding::bigint
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
