;;; litellm-language.el --- What the package says, in the user's language  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; English, or Simplified Chinese where the system speaks it.  What the server says comes in the user's language by
;; itself.  A text is written out where it is said, so that a test finds its translation missing.

;;; Code:

(require 'litellm-zh-cn)
(require 'seq)
(require 'subr-x)

(defun litellm-language--is-chinese (name)
  "Say whether NAME, such as \"zh_CN.UTF-8\", is one of Simplified Chinese.
It is the server's own rule (src/language.rs)."
  (let ((parts (split-string (downcase (replace-regexp-in-string "[.@].*" "" name)) "[-_]")))
    (and (equal (car parts) "zh")
         (or (member "hans" parts)
             (not (seq-intersection parts '("hant" "tw" "hk" "mo"))))
         t)))

(defvar litellm-language--is-chinese
  (litellm-language--is-chinese
   (or (seq-find (lambda (name) (not (string-empty-p (or name ""))))
                 (mapcar #'getenv '("LC_ALL" "LC_MESSAGES" "LANG")))
       ""))
  "Whether the system speaks Simplified Chinese.")

(defun litellm-tr (text &rest values)
  "Return TEXT in the user's language, filled in with VALUES as by `format'."
  (apply #'format (or (and litellm-language--is-chinese (gethash text litellm-zh-cn)) text) values))

(defun litellm-tell (text &rest values)
  "Show TEXT, filled in with VALUES, in the user's language."
  (message "LiteLLM: %s" (apply #'litellm-tr text values)))

(defun litellm-refuse (text &rest values)
  "Refuse a command by TEXT, filled in with VALUES, in the user's language."
  (user-error "LiteLLM: %s" (apply #'litellm-tr text values)))

(provide 'litellm-language)
;;; litellm-language.el ends here
