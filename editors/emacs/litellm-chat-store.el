;;; litellm-chat-store.el --- Chats that are kept  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Each chat is a file, saved with each question, and with its answer while that comes.  Another beside it says which
;; proxy the chat is held with.

;;; Code:

(require 'litellm-client)
(require 'subr-x)

(defcustom litellm-chat-directory (locate-user-emacs-file "litellm-chats/")
  "Where chats are saved, each in a file that only you can read; nil saves none."
  :group 'litellm
  :type '(choice directory (const :tag "Nowhere" nil)))

(defvar-local litellm-chat--file nil "Where this chat is saved.")
(defvar-local litellm-chat--stamp nil "What that file was when this chat was saved last.")

(defvar-local litellm-chat--server nil
  "The proxy that this chat is held with: its profile and its address.")

(defun litellm-chat--server-file ()
  "Return the file with the name of the proxy that this chat is held with."
  (concat litellm-chat--file ".server"))

(defun litellm-chat--load-server ()
  "Find out which proxy this chat was held with."
  (let ((file (litellm-chat--server-file))
        (coding-system-for-read 'utf-8))
    (setq litellm-chat--server (and (file-readable-p file)
                                    (with-temp-buffer
                                      (insert-file-contents file)
                                      (split-string (buffer-string) "\n" t))))
    (unless (= (length litellm-chat--server) 2)
      (setq litellm-chat--server nil))))

(defun litellm-chat--file-stamp (file)
  "Return what FILE is now, to know later whether another Emacs has written it."
  (when-let* ((attributes (file-attributes file)))
    (list (file-attribute-inode-number attributes)
          (file-attribute-modification-time attributes)
          (file-attribute-size attributes))))

(defun litellm-chat--name-file ()
  "Have this chat a file of its own.
Two Emacsen that go on with one chat don't take each other's words away."
  (when (and litellm-chat--file
             (file-exists-p litellm-chat--file)
             (not (equal litellm-chat--stamp (litellm-chat--file-stamp litellm-chat--file))))
    (setq litellm-chat--file nil)
    (litellm-tell "another Emacs has gone on with this chat; yours is kept beside it"))
  (while (or (null litellm-chat--file)
             (and (null litellm-chat--stamp) (file-exists-p litellm-chat--file)))
    (setq litellm-chat--stamp nil
          litellm-chat--file
          (expand-file-name (format-time-string "%Y-%m-%dT%H%M%S-%3N.md") litellm-chat-directory))))

(defun litellm-chat--load (file)
  "Put the chat that is saved in FILE into this buffer."
  (let ((stamp (litellm-chat--file-stamp file))
        (coding-system-for-read 'utf-8))
    (erase-buffer)
    (insert-file-contents file)
    (setq litellm-chat--file file
          litellm-chat--stamp stamp)
    (litellm-chat--load-server)))

(defun litellm-chat--store (text)
  "Save TEXT, this chat."
  (when litellm-chat-directory
    (condition-case failure
        (with-file-modes #o700
          (make-directory litellm-chat-directory t)
          (litellm-chat--name-file)
          (let ((coding-system-for-write 'utf-8-unix)
                ;; Whoever ends Emacs amid this finds the chat as it was.
                (new (concat litellm-chat--file ".new")))
            (with-file-modes #o600
              ;; Before the chat itself, so that none is there without its proxy.
              (when litellm-chat--server
                (write-region (string-join litellm-chat--server "\n") nil (litellm-chat--server-file) nil 'quiet))
              (write-region text nil new nil 'quiet))
            (rename-file new litellm-chat--file t)
            (setq litellm-chat--stamp (litellm-chat--file-stamp litellm-chat--file))))
      (file-error
       (litellm-client-say (concat "LiteLLM: " (litellm-tr "make room for chats in the folder litellm-chat-directory (%s)"
                                                         (error-message-string failure))))))))

(defun litellm-chat--saved ()
  "Return the saved chats, the newest first: each its first words and its file."
  (when (and litellm-chat-directory (file-directory-p litellm-chat-directory))
    (let ((seen (make-hash-table :test #'equal)))
      (mapcar (lambda (file)
                (let* ((title (concat (substring (file-name-nondirectory file) 0 10) "  "
                                      (litellm-chat--first-words file)))
                       (number (puthash title (1+ (gethash title seen 0)) seen)))
                  (cons (if (= number 1) title (format "%s (%d)" title number)) file)))
              (sort (directory-files litellm-chat-directory t "\\.md\\'") #'string>)))))

(defun litellm-chat--first-words (file)
  "Return the first words of the chat in FILE."
  (with-temp-buffer
    (let ((coding-system-for-read 'utf-8))
      (insert-file-contents file nil 0 2000))
    (goto-char (point-min))
    (forward-line 1)
    (truncate-string-to-width (string-join (split-string (buffer-substring (point) (point-max))) " ")
                              (max 16 (min 70 (- (frame-width) 18))) nil nil t)))

(provide 'litellm-chat-store)
;;; litellm-chat-store.el ends here
