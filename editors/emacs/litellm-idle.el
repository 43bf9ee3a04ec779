;;; litellm-idle.el --- When a text may be written into  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; A command that waits for a key or a text, as `query-replace' does, knows places as numbers, which mean other places
;; once something is written above them.  So nothing is written amid a command, nor while a minibuffer or a recursive
;; edit is open that was not when it was asked for; it comes as soon as that is over.

;;; Code:

(defconst litellm-idle--each 0.05 "How often it is looked whether Emacs is amid something, in seconds.")

(defvar litellm-idle--amid nil "Whether a command is running.")
(defvar litellm-idle--waiting nil
  "The functions that wait, the oldest first, each behind its depth.")

(defun litellm-idle--enter ()
  "Note that a command begins."
  (setq litellm-idle--amid t))

(defun litellm-idle--leave ()
  "Note that a command has ended."
  (setq litellm-idle--amid nil))

(add-hook 'pre-command-hook #'litellm-idle--enter)
(add-hook 'post-command-hook #'litellm-idle--leave)

(defun litellm-idle--p (depth)
  "Say whether Emacs is amid nothing that knows a place of a text.
What is no deeper than DEPTH was there before."
  (not (or litellm-idle--amid (> (recursion-depth) depth))))

(defun litellm-idle-is-waited-for ()
  "Say whether anything waits."
  (and litellm-idle--waiting t))

(defun litellm-idle-run (depth function)
  "Call FUNCTION as soon as Emacs is amid nothing, at once if it can.
It was asked for where `recursion-depth' was DEPTH.  One is called after the
other, each in the buffer that is current now, where that still lives."
  (if (and (null litellm-idle--waiting) (litellm-idle--p depth))
      (funcall function)
    (unless litellm-idle--waiting
      (run-with-timer litellm-idle--each nil #'litellm-idle--go-on))
    (let ((buffer (current-buffer)))
      (setq litellm-idle--waiting
            (append litellm-idle--waiting
                    (list (cons depth (lambda ()
                                        (if (buffer-live-p buffer)
                                            (with-current-buffer buffer (funcall function))
                                          (with-temp-buffer (funcall function)))))))))))

(defun litellm-idle--go-on ()
  "Call what waits, now or later."
  (unwind-protect
      (while (and litellm-idle--waiting (litellm-idle--p (caar litellm-idle--waiting)))
        (funcall (cdr (pop litellm-idle--waiting))))
    (when litellm-idle--waiting
      (run-with-timer litellm-idle--each nil #'litellm-idle--go-on))))

(defun litellm-idle-wait-no-more ()
  "Call what waits, whatever Emacs is amid: what it is for is about to go."
  (while litellm-idle--waiting
    (funcall (cdr (pop litellm-idle--waiting)))))

(provide 'litellm-idle)
;;; litellm-idle.el ends here
