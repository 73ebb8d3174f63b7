-- The same page again and again.
dofile(os.getenv("BENCH_LUA") .. "/common.lua")

local page

function init(_)
   page = common.get(os.getenv("BENCH_PATH"))
end

function request()
   return page
end
