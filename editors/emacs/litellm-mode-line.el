;;; litellm-mode-line.el --- The model and today's cost in the mode line  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; What is under way stands in the mode line anyhow.  With `litellm-mode-line-mode' the model in use and what was spent
;; today, by all programs of this machine, stand before it.

;;; Code:

(require 'litellm-client)
(require 'litellm-markdown)
(require 'litellm-usage)

;;;###autoload
(define-minor-mode litellm-mode-line-mode
  "Show the model in use and today's cost in the mode line.
They come with the first question, for that starts the server."
  :global t
  :group 'litellm
  (setq litellm-client-known nil
        litellm-client-model nil)
  (if (not litellm-mode-line-mode)
      (remove-hook 'litellm-client-news-functions #'litellm-mode-line--look)
    (add-hook 'litellm-client-news-functions #'litellm-mode-line--look)
    (when (litellm-client-is-connected)
      (litellm-mode-line--look 'model)))
  (force-mode-line-update t))

(defun litellm-mode-line--look (news)
  "Look up what has changed by NEWS, and show it.
What is wrong is said where something is asked for."
  (if (and (eq news 'cost) litellm-client-model)
      (litellm-mode-line--show)
    (litellm-client-find-model #'litellm-mode-line--show)))

(defun litellm-mode-line--show ()
  "Show the model in use, and what was spent today once that is known."
  (litellm-mode-line--say)
  (litellm-usage-count #'litellm-mode-line--say))

(defun litellm-mode-line--say ()
  "Say what is known."
  (setq litellm-client-known
        (and litellm-mode-line-mode
             (delq nil (list (litellm-usage-today 0)
                             (litellm-markdown-line (or litellm-client-model (litellm-tr "no model yet")))))))
  (force-mode-line-update t))

(provide 'litellm-mode-line)
;;; litellm-mode-line.el ends here
