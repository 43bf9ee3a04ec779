-- The server as Neovim knows it: `vim.lsp.enable('litellm')` attaches it to every file.
return require('litellm.client').config()
