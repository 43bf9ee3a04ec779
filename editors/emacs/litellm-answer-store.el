;;; litellm-answer-store.el --- Answers on the disk  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Each answer about a text is a file while it comes, and so there whatever ends Emacs.

;;; Code:

(require 'litellm-client)
(require 'seq)
(require 'subr-x)

(defcustom litellm-answer-directory (locate-user-emacs-file "litellm-answers/")
  "Where the latest answers are saved, for you alone to read; nil is nowhere."
  :group 'litellm
  :type '(choice directory (const :tag "Nowhere" nil)))

(defvar litellm-answer-store--waiting nil "Functions that save what has come of the answers under way.")

(defconst litellm-answer-store--name
  "\\`[0-9]\\{4\\}-[0-9][0-9]-[0-9][0-9]T[0-9]\\{6\\}-[0-9]\\{6\\}\\.md\\'"
  "What the file of an answer is called; the directory may hold the user's own.")

(defun litellm-answer-store--files ()
  "Return the files of the answers, the newest first."
  (when (and litellm-answer-directory (file-directory-p litellm-answer-directory))
    (sort (directory-files litellm-answer-directory t litellm-answer-store--name) #'string>)))

(defun litellm-answer-store-load (most)
  "Return the MOST latest answers, the newest first."
  (mapcar (lambda (file)
            (with-temp-buffer
              (let ((coding-system-for-read 'utf-8))
                (insert-file-contents file))
              (buffer-string)))
          (seq-take (litellm-answer-store--files) most)))

(defun litellm-answer-store--save (text file)
  "Save TEXT into FILE, or into a new one; return that."
  (condition-case failure
      (let ((file (or file (expand-file-name (format-time-string "%Y-%m-%dT%H%M%S-%6N.md" nil t)
                                             litellm-answer-directory)))
            (coding-system-for-write 'utf-8-unix))
        (with-file-modes #o700
          (make-directory litellm-answer-directory t))
        (with-file-modes #o600
          (write-region text nil (concat file ".new") nil 'quiet))
        (rename-file (concat file ".new") file t)
        file)
    (file-error
     (litellm-client-say (concat "LiteLLM: " (litellm-tr "make room for answers in the folder litellm-answer-directory (%s)"
                                                       (error-message-string failure))))
     file)))

(defun litellm-answer-store-keeper (most)
  "Return a function to save an answer with, one of the MOST latest.
It takes what has come, and whether that is all; if not, a second may
pass until then."
  (let ((file nil) (text "") (saved "") timer save)
    (setq save (lambda ()
                 (when timer
                   (cancel-timer timer)
                   (setq timer nil))
                 (setq litellm-answer-store--waiting (delq save litellm-answer-store--waiting))
                 (unless (or (null litellm-answer-directory) (string-blank-p text) (equal text saved))
                   (unless file
                     (mapc #'delete-file (seq-drop (litellm-answer-store--files) (1- most))))
                   (setq file (litellm-answer-store--save text file)
                         saved text))))
    (lambda (come whole)
      (setq text (or come ""))
      (cond (whole (funcall save))
            ((null timer)
             (push save litellm-answer-store--waiting)
             (setq timer (run-with-timer 1 nil save)))))))

(defun litellm-answer-store--leave ()
  "Save what has come of all answers under way."
  (mapc #'funcall (copy-sequence litellm-answer-store--waiting)))

(add-hook 'kill-emacs-hook #'litellm-answer-store--leave)

(provide 'litellm-answer-store)
;;; litellm-answer-store.el ends here
