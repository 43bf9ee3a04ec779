;;; litellm-answer.el --- Answers that are kept  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Each answer about a text is kept when it comes, before anything is done with it.  So none is lost, whatever then
;; becomes of the text that it was for: undone, reverted, closed or changed.

;;; Code:

(require 'litellm-answer-store)
(require 'litellm-markdown)
(require 'litellm-text)
(require 'seq)
(require 'subr-x)

(defconst litellm-answer--most 20 "How many answers are kept.")
(defvar litellm-answer--kept nil "The latest answers, the newest first.")
(defvar litellm-answer--loaded nil "Whether those that an Emacs before this one had are among them.")

(defun litellm-answer-keeper ()
  "Return a function to keep an answer on the disk with, while it comes.
See `litellm-answer-store-keeper'."
  (litellm-answer-store-keeper litellm-answer--most))

(defun litellm-answer--load ()
  "Bring back what was kept before this Emacs was started."
  (unless litellm-answer--loaded
    (setq litellm-answer--loaded t
          litellm-answer--kept (seq-take (seq-uniq (append litellm-answer--kept
                                                           (litellm-answer-store-load litellm-answer--most)))
                                         litellm-answer--most))))

(defun litellm-answer-keep (text)
  "Keep TEXT, unless it is nil or blank."
  (unless (string-blank-p (or text ""))
    (setq litellm-answer--kept (seq-take (cons text (delete text litellm-answer--kept)) litellm-answer--most))))

(defun litellm-answer-show (text reason)
  "Show TEXT, an answer that is not written for this REASON; keep it."
  (litellm-answer-keep text)
  (litellm-page "answer" (concat (and reason
                                      (format "_%s_\n\n" (litellm-tr "%s%s.  To insert it all the same: M-x litellm-insert-answer"
                                                                     (upcase (substring reason 0 1)) (substring reason 1))))
                                 text "\n")))

;;;###autoload
(defun litellm-insert-answer (text)
  "Insert TEXT, the last answer; with a prefix argument one before it."
  (interactive
   (progn
     (litellm-text-check-writable)
     (litellm-answer--load)
     (unless litellm-answer--kept
       (litellm-refuse "ask a model first (no answer is kept)"))
     (list (if current-prefix-arg (litellm-answer--read) (car litellm-answer--kept)))))
  (insert text))

(defun litellm-answer--read ()
  "Have the user choose one of the answers that are kept."
  (let* ((number 0)
         (titles (mapcar (lambda (text)
                           (cons (format "%d  %s" (setq number (1+ number))
                                         (truncate-string-to-width (litellm-markdown-line text)
                                                                   (max 16 (min 65 (- (frame-width) 8))) nil nil t))
                                 text))
                         litellm-answer--kept))
         (table (lambda (text predicate action)
                  (if (eq action 'metadata)
                      '(metadata (display-sort-function . identity) (cycle-sort-function . identity))
                    (complete-with-action action titles text predicate)))))
    (cdr (assoc (completing-read (litellm-tr "Answer: ") table nil t nil nil (caar titles)) titles))))

(provide 'litellm-answer)
;;; litellm-answer.el ends here
