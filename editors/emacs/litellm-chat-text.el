;;; litellm-chat-text.el --- The text of a chat  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; What stands under which heading, and what of a buffer can stand there.

;;; Code:

(require 'cl-lib)
(require 'litellm-text)
(require 'subr-x)

(defconst litellm-chat--mark "## ▌" "What begins each heading of a chat.")
(defconst litellm-chat--you "You" "The name of who asks.")

(defun litellm-chat--messages ()
  "Return the messages of this chat."
  (let (messages)
    (save-excursion
      (save-restriction
        (widen)
        (goto-char (point-min))
        (while (re-search-forward (concat "^" litellm-chat--mark "\\(.*\\)$") nil t)
          (let* ((who (match-string-no-properties 1))
                 (whole (get-text-property (match-beginning 0) 'litellm-message))
                 (begin (line-end-position))
                 (end (if (re-search-forward (concat "^" litellm-chat--mark) nil t)
                          (goto-char (line-beginning-position))
                        (goto-char (point-max))))
                 (text (string-trim (buffer-substring-no-properties begin end))))
            (unless (string-empty-p text)
              (push (if (equal who litellm-chat--you)
                        (list :role "user" :content text)
                      `(:role "assistant" :content ,text ,@(litellm-chat--sent-back whole text)))
                    messages))))))
    (vconcat (nreverse messages))))

(defun litellm-chat--sent-back (whole text)
  "Return what else belongs to the answer WHOLE, whose TEXT must be as it came."
  (when (equal text (string-trim (or (plist-get whole :text) "")))
    (cl-loop for member in '(:reasoning :reasoningBlocks :providerFields)
             when (plist-get whole member)
             append (list member (plist-get whole member)))))

(defun litellm-chat--quoted (begin end)
  "Return the text from BEGIN to END as a fenced block, under its file's name."
  (let* ((text (buffer-substring-no-properties begin end))
         (longest (apply #'max 2 (mapcar #'length (let ((at 0) found)
                                                    (while (string-match "`+" text at)
                                                      (push (match-string 0 text) found)
                                                      (setq at (match-end 0)))
                                                    found))))
         (fence (make-string (1+ longest) ?`)))
    (litellm-chat--harmless
     (format "%s\n%s%s\n%s\n%s\n" (if buffer-file-name (file-name-nondirectory buffer-file-name) (buffer-name))
             fence (litellm-text-language) (string-trim-right text "\n+") fence))))

(defun litellm-chat--harmless (text)
  "Return TEXT, none of whose lines is a heading of a chat."
  (replace-regexp-in-string (concat "^" litellm-chat--mark) (concat " " litellm-chat--mark) text t t))

(provide 'litellm-chat-text)
;;; litellm-chat-text.el ends here
