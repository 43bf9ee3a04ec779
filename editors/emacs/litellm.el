;;; litellm.el --- Models of a LiteLLM proxy: chat, rewrite, complete  -*- lexical-binding: t; -*-

;; Copyright (C) 2026 The litellm-ls authors

;; Author: The litellm-ls authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: convenience, tools
;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Every model of your LiteLLM proxy in Emacs, through the server litellm-ls:
;;
;; - `litellm-use-model' chooses one, with its limits and prices beside it;
;; - `litellm-chat' is a chat in a buffer of Markdown, `litellm-chat-resume' an earlier one;
;; - `litellm-complete' writes at point, as the answer comes;
;; - `litellm-rewrite', `litellm-fix' and `litellm-document' change a text, after you have looked at the change;
;; - `litellm-explain' and `litellm-write-tests' show an answer beside;
;; - `litellm-prompt' asks with your own prompts, `litellm-commit-message' writes about the staged changes;
;; - `litellm-propose-mode' shows ghost text while you type;
;; - `litellm-dry-run' shows what would be sent, and what it would cost;
;; - `litellm-usage', `litellm-status' and `litellm-cancel' do what they say;
;; - `litellm-proxy-start' serves the config.yaml of the buffer on this machine;
;; - `litellm-mode-line-mode' shows the model and today's cost in the mode line;
;; - `litellm-menu' has all of them.
;;
;; It is beside the server of the language: eglot and lsp-mode are as they were.  Begin with `litellm-configure'.

;;; Code:

(require 'transient)
(require 'litellm-chat)
(require 'litellm-edit)
(require 'litellm-mode-line)
(require 'litellm-models)
(require 'litellm-prompts)
(require 'litellm-propose)
(require 'litellm-proxy)
(require 'litellm-setup)
(require 'litellm-usage)

;;;###autoload
(defun litellm-cancel ()
  "Cancel what is under way in this buffer, or else all that is."
  (interactive)
  (let* ((all litellm-client--runs)
         (here (seq-filter (lambda (run) (eq (litellm-client-run-buffer run) (current-buffer))) all)))
    (if all
        (mapc #'litellm-client-cancel (or here all))
      (litellm-tell "nothing is running"))))

;;;###autoload
(defun litellm-restart ()
  "Start the server anew, with the settings as they are now."
  (interactive)
  (litellm-client-stop)
  (litellm-client-connection)
  (litellm-tell "the server runs"))

(defun litellm--described (text)
  "Return TEXT in the user's language, as long as it is wide.
Columns of a menu are padded by the number of their characters."
  (let ((said (litellm-tr text)))
    (concat said (propertize (make-string (- (string-width said) (length said)) ?\s) 'invisible t))))

;; Descriptions are looked up when the menu is shown: what is compiled is the same for every language.
(defmacro litellm--define-menu (name documentation &rest rows)
  "Define the menu NAME with DOCUMENTATION.
Each of ROWS has groups that stand side by side; a group is a title, then
lists of a key, a description and a command."
  (declare (indent 2) (doc-string 2))
  (let* ((said (lambda (text) `(lambda () (litellm--described ,text))))
         (group (lambda (group)
                  `[:description ,(funcall said (car group))
                    ,@(mapcar (lambda (row) (list (nth 0 row) (funcall said (nth 1 row)) (nth 2 row)))
                              (cdr group))])))
    `(transient-define-prefix ,name ()
       ,documentation
       ,@(mapcar (lambda (row) (vconcat (mapcar group row))) rows))))

;;;###autoload (autoload 'litellm-menu "litellm" nil t)
(litellm--define-menu litellm-menu "What a model can do."
  (("Ask"
    ("h" "chat" litellm-chat)
    ("H" "earlier chat" litellm-chat-resume)
    ("e" "explain" litellm-explain)
    ("t" "write tests" litellm-write-tests)
    ("?" "dry run" litellm-dry-run))
   ("Change"
    ("c" "complete here" litellm-complete)
    ("r" "rewrite" litellm-rewrite)
    ("f" "fix" litellm-fix)
    ("d" "document" litellm-document)
    ("p" "own prompt" litellm-prompt)
    ("g" "commit message" litellm-commit-message)
    ("P" "proposals on/off" litellm-propose-mode))
   ("Answer"
    ("a" "accept change" litellm-accept)
    ("x" "discard change" litellm-discard)
    ("i" "insert last answer" litellm-insert-answer)
    ("k" "cancel" litellm-cancel)))
  (("LiteLLM"
    ("m" "use a model" litellm-use-model)
    ("v" "favourite" litellm-mark-favourite)
    ("u" "usage" litellm-usage)
    ("s" "status" litellm-status)
    ("M" "mode line on/off" litellm-mode-line-mode)
    ("," "configure" litellm-configure))
   ("Proxy"
    ("C" "help with config.yaml" litellm-proxy-help)
    ("o" "start" litellm-proxy-start)
    ("R" "restart" litellm-proxy-restart)
    ("O" "stop" litellm-proxy-stop)
    ("S" "status" litellm-proxy-status)
    ("l" "log" litellm-proxy-log))))

(provide 'litellm)
;;; litellm.el ends here
