---@meta
-- luacheck: ignore
-- What of `vim.uv` is used here, for the check of types: Neovim brings none of it. It follows the manual of luv:
-- https://github.com/luvit/luv/blob/master/docs/docs.md. A function that can fail gives nil, what went wrong and its code.

---@class uv
local uv = {}

---@class uv.uv_handle_t
local handle = {}
---@param closed? fun()
function handle:close(closed) end
---@return boolean?
function handle:is_closing() end

---@class uv.uv_timer_t: uv.uv_handle_t
local timer = {}
---@param timeout integer in milliseconds
---@param again integer in milliseconds; 0 for once
---@param run fun()
---@return 0?, string? problem, string? code
function timer:start(timeout, again, run) end
---@return 0?, string? problem, string? code
function timer:stop() end

---@class uv.uv_process_t: uv.uv_handle_t
local process = {}
---@param signal? integer|string
---@return 0?, string? problem, string? code
function process:kill(signal) end

---@class uv.uv_stream_t: uv.uv_handle_t
local stream = {}
---@param take fun(problem?: string, data?: string) without data at the end
---@return 0?, string? problem, string? code
function stream:read_start(take) end
---@param done? fun(problem?: string)
---@return table? request, string? problem, string? code
function stream:shutdown(done) end
---@param data string|string[]
---@param written? fun(problem?: string)
---@return table? request, string? problem, string? code
function stream:write(data, written) end

---@class uv.uv_pipe_t: uv.uv_stream_t

---@class uv.fs_stat
---@field type 'file'|'directory'|'link'|'fifo'|'socket'|'char'|'block'|'unknown'
---@field ino integer
---@field size integer
---@field mtime { sec: integer, nsec: integer }

---@class uv.spawn.options
---@field args? string[]
---@field stdio? (integer|uv.uv_stream_t|nil)[]
---@field env? string[]
---@field cwd? string
---@field hide? boolean
---@field detached? boolean

---@return string? path, string? problem, string? code
function uv.cwd() end
---@param file integer
---@return boolean? done, string? problem, string? code
function uv.fs_close(file) end
---@param from string
---@param to string
---@return boolean? done, string? problem, string? code
function uv.fs_copyfile(from, to) end
---@param path string
---@param flags string|integer
---@param mode integer
---@return integer? file, string? problem, string? code
function uv.fs_open(path, flags, mode) end
---@param path string
---@return string? path, string? problem, string? code
function uv.fs_realpath(path) end
---@param from string
---@param to string
---@return boolean? done, string? problem, string? code
function uv.fs_rename(from, to) end
---@param path string
---@return uv.fs_stat? stat, string? problem, string? code
function uv.fs_stat(path) end
---@param path string
---@return boolean? done, string? problem, string? code
function uv.fs_unlink(path) end
---@param file integer
---@param data string|string[]
---@return integer? bytes, string? problem, string? code
function uv.fs_write(file, data) end
---@return integer seconds, integer microseconds
function uv.gettimeofday() end
---@return integer nanoseconds
function uv.hrtime() end
---@param process integer
---@param signal integer|string
---@return 0?, string? problem, string? code
function uv.kill(process, signal) end
---@param ipc? boolean
---@return uv.uv_pipe_t? pipe, string? problem, string? code
function uv.new_pipe(ipc) end
---@return uv.uv_timer_t? timer, string? problem, string? code
function uv.new_timer() end
---@return integer milliseconds
function uv.now() end
---@param program string
---@param options uv.spawn.options
---@param ended? fun(code: integer, signal: integer)
---@return uv.uv_process_t? process
---@return integer|string process id, or what went wrong
---@return string? code
function uv.spawn(program, options, ended) end
