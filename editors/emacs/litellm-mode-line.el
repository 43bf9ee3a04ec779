;;; litellm-mode-line.el --- The model and today's cost in the mode line  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; What is under way stands in the mode line anyhow.  With `litellm-mode-line-mode' the model in use and what was spent
;; today, by all programs of this machine, stand before it.

;;; Code:

(require 'litellm-client)
(require 'litellm-markdown)
(require 'litellm-usage)

(defvar litellm-mode-line--model nil "The model in use; nil while that is not known.")

;;;###autoload
(define-minor-mode litellm-mode-line-mode
  "Show the model in use and today's cost in the mode line.
They come with the first question, for that starts the server."
  :global t
  :group 'litellm
  (setq litellm-client-known nil
        litellm-mode-line--model nil)
  (if (not litellm-mode-line-mode)
      (remove-hook 'litellm-client-news-functions #'litellm-mode-line--look)
    (add-hook 'litellm-client-news-functions #'litellm-mode-line--look)
    (when (litellm-client-is-connected)
      (litellm-mode-line--look 'model)))
  (force-mode-line-update t))

(defun litellm-mode-line--look (news)
  "Look up what has changed by NEWS, and show it.
What is wrong is said where something is asked for."
  (if (and (eq news 'cost) litellm-mode-line--model)
      (litellm-mode-line--show litellm-mode-line--model)
    (litellm-client-ask
     :provider/configure '(:verify :json-false)
     :then (lambda (result)
             (let ((model (plist-get (plist-get (plist-get result :settings) :model) :value)))
               (if model
                   (litellm-mode-line--show model)
                 ;; The one that the server takes where none is chosen.
                 (litellm-client-ask :provider/status nil
                                     :then (lambda (status)
                                             (litellm-mode-line--show (plist-get status :defaultModel)))
                                     :failed #'ignore))))
     :failed #'ignore)))

(defun litellm-mode-line--show (model)
  "Show MODEL, which may be nil, and what was spent today once that is known."
  (setq litellm-mode-line--model model)
  (litellm-mode-line--say)
  (litellm-usage-count #'litellm-mode-line--say))

(defun litellm-mode-line--say ()
  "Say what is known."
  (setq litellm-client-known
        (and litellm-mode-line-mode
             (delq nil (list (litellm-usage-today 0)
                             (litellm-markdown-line (or litellm-mode-line--model (litellm-tr "no model yet")))))))
  (force-mode-line-update t))

(provide 'litellm-mode-line)
;;; litellm-mode-line.el ends here
