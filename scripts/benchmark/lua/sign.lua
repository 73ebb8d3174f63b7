-- Sign, each time with a new address. The bare application gets the same forms.
dofile(os.getenv("BENCH_LUA") .. "/common.lua")

local next_signature

function init(_)
   next_signature = common.signatures()
end

function request()
   return next_signature()
end
