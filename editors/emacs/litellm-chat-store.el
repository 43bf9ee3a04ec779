;;; litellm-chat-store.el --- Chats that are kept  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Each chat is a file, saved with each question, and with its answer while that comes.

;;; Code:

(require 'litellm-client)
(require 'subr-x)

(defcustom litellm-chat-directory (locate-user-emacs-file "litellm-chats/")
  "Where chats are saved, each in a file that only you can read; nil saves none."
  :group 'litellm
  :type '(choice directory (const :tag "Nowhere" nil)))

(defvar-local litellm-chat--file nil "Where this chat is saved.")

(defun litellm-chat--store (text)
  "Save TEXT, this chat."
  (when litellm-chat-directory
    (condition-case failure
        (with-file-modes #o700
          (make-directory litellm-chat-directory t)
          (unless litellm-chat--file
            (setq litellm-chat--file
                  (expand-file-name (format-time-string "%Y-%m-%dT%H%M%S-%3N.md") litellm-chat-directory)))
          (let ((coding-system-for-write 'utf-8-unix)
                ;; Whoever ends Emacs amid this finds the chat as it was.
                (new (concat litellm-chat--file ".new")))
            (with-file-modes #o600
              (write-region text nil new nil 'quiet))
            (rename-file new litellm-chat--file t)))
      (file-error
       (litellm-client-say (format "LiteLLM: make room for chats in `litellm-chat-directory' (%s)"
                                   (error-message-string failure)))))))

(defun litellm-chat--saved ()
  "Return the saved chats, the newest first: each its first words and its file."
  (when (and litellm-chat-directory (file-directory-p litellm-chat-directory))
    (mapcar (lambda (file)
              (cons (concat (substring (file-name-nondirectory file) 0 10) "  "
                            (litellm-chat--first-words file))
                    file))
            (sort (directory-files litellm-chat-directory t "\\.md\\'") #'string>))))

(defun litellm-chat--first-words (file)
  "Return the first words of the chat in FILE."
  (with-temp-buffer
    (let ((coding-system-for-read 'utf-8))
      (insert-file-contents file nil 0 2000))
    (goto-char (point-min))
    (forward-line 1)
    (truncate-string-to-width (string-join (split-string (buffer-substring (point) (point-max))) " ") 70 nil nil t)))

(provide 'litellm-chat-store)
;;; litellm-chat-store.el ends here
