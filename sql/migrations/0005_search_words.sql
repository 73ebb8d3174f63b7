-- Search that forgives: the words of public texts, so that a part of a compound ("zorg" in "nachtzorg") and a word with a
-- slip of the finger are found, without any extension. And the index that lists of petitions are read from.

create function search_folded(word text) returns text
language sql immutable strict parallel safe
return translate(lower(word), 'àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ', 'aaaaaaceeeeiiiinoooooouuuuyy');
comment on function search_folded(text) is 'A word in small letters and without accents: the same as rules/spelling.py.';

create function search_tails(word text) returns tsvector
language sql immutable strict parallel safe
return (
    select array_to_tsvector(array_agg(substr(search_folded(word), n)))
    from generate_series(1, greatest(1, length(word) - 3)) as g (n)
);
comment on function search_tails(text) is
'Every end of a word that has four letters or more, so that a search by prefix finds words that contain something.';

create function search_spellings(word text) returns tsvector
language sql immutable strict parallel safe
return (
    select array_to_tsvector(array_agg(overlay(search_folded(word) placing '' from n for 1)) || search_folded(word))
    from generate_series(1, length(word)) as g (n)
);
comment on function search_spellings(text) is
'A word and what is left of it without one of its letters: two words that share one of these differ by a slip or two.';

create table search_word (
    word text not null,
    tails tsvector not null generated always as (search_tails(word)) stored,
    spellings tsvector not null generated always as (search_spellings(word)) stored,
    constraint search_word_pkey primary key (word),
    constraint search_word_check check (word = lower(word) and length(word) between 3 and 40)
);
comment on table search_word is
'The words of the texts that are public now, kept by a trigger in the transaction that changes them. No personal data.';
create index search_word_tails_idx on search_word using gin (tails);
create index search_word_spellings_idx on search_word using gin (spellings);

create function search_words_of(text text) returns setof text
language sql immutable strict parallel safe
begin atomic
select distinct lower(t.token) as word
from ts_parse('default', text) as t
where
    t.tokid in (1, 2, 9, 10, 11) -- words, and the parts of words with a hyphen
    and length(t.token) between 3 and 40
order by word; -- two petitions that open together write their words in one order
end;
comment on function search_words_of(text) is 'The words of a text that can be searched for, each once.';

create function petition_is_findable(stage text, text_hidden boolean, opened_at timestamptz) returns boolean
language sql immutable parallel safe
return not text_hidden
and (stage in ('open', 'closed', 'rejected') or (stage = 'withdrawn' and opened_at is not null));
comment on function petition_is_findable(text, boolean, timestamptz) is 'Whether the public may find a text by its words.';

create function search_words_add(words text[]) returns void
language sql
begin atomic
insert into search_word (word)
select w
from unnest(words) as w
where not exists (select 1 from search_word as s where s.word = w) -- nearly all are known: their parts are not made again
order by w
on conflict do nothing;
end;
comment on function search_words_add(text[]) is 'Adds the words that are new.';

create function search_words_begin() returns trigger
language plpgsql
as $$
begin
    perform search_words_add(array(
        select distinct w
        from added as p
        cross join lateral search_words_of(concat_ws(' ', p.title, p.request, p.reasons)) as w
        where petition_is_findable(p.stage, p.text_hidden, p.opened_at)
    ));
    return null;
end
$$;
comment on function search_words_begin() is
'Petitions that are public from the start, as copies of a database or of another service are.';

create function search_words_follow() returns trigger
language plpgsql
as $$
declare
    are text[] := array[]::text[];
begin
    if petition_is_findable(new.stage, new.text_hidden, new.opened_at) then
        are := array(select w from search_words_of(concat_ws(' ', new.title, new.request, new.reasons)) as w);
        perform search_words_add(are);
    end if;
    if petition_is_findable(old.stage, old.text_hidden, old.opened_at) then
        delete from search_word as s
        where
            s.word in (select w from search_words_of(concat_ws(' ', old.title, old.request, old.reasons)) as w)
            and s.word <> all(are)
            and not exists (
                select 1
                from petition as p
                where
                    p.id <> new.id
                    and p.search @@ (
                        to_tsquery('dutch', quote_literal(s.word)) || to_tsquery('english', quote_literal(s.word))
                    )
                    and petition_is_findable(p.stage, p.text_hidden, p.opened_at)
            );
    end if;
    return null;
end
$$;
comment on function search_words_follow() is
'Keeps search_word equal to the words of public texts: a text that is hidden takes the words along that only it had.';

create trigger petition_search_words_begin
after insert on petition
referencing new table as added
for each statement execute function search_words_begin();

create trigger petition_search_words
after update of stage, text_hidden, title, request, reasons on petition
for each row execute function search_words_follow();

insert into search_word (word)
select distinct w
from petition as p
cross join lateral search_words_of(concat_ws(' ', p.title, p.request, p.reasons)) as w
where petition_is_findable(p.stage, p.text_hidden, p.opened_at);

-- Lists are made from this index alone; a row of a petition is wide, for it holds its text.
create index petition_list_idx on petition (stage, opened_at desc, id desc)
include (subject, procedure_code, closes_at, ended_at);
create index threshold_waiting_idx on threshold (petition_id, required) where reached_at is null and required is not null;
