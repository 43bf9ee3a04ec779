;;; litellm-chat.el --- Chats with a model  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; A chat is a text: what stands in its buffer is what the model is told.  So a question or an answer can be mended
;; before the next one is sent, and a chat is saved as a file and resumed from it.

;;; Code:

(require 'litellm-answer)
(require 'litellm-chat-place)
(require 'litellm-chat-store)
(require 'litellm-chat-text)
(require 'litellm-client)
(require 'litellm-idle)
(require 'litellm-markdown)
(require 'litellm-models)
(require 'litellm-text)
(require 'litellm-usage)

(defcustom litellm-chat-system nil
  "What a model is told before each chat; nil is nothing."
  :group 'litellm
  :type '(choice string (const :tag "Nothing" nil)))

(defvar-local litellm-chat--model nil "The model of this chat; nil is the one in use.")
(defvar-local litellm-chat--answered nil "The model that answered last.")
(defvar-local litellm-chat--run nil "The answer under way.")
(defvar-local litellm-chat--cost 0 "What the answers of this chat have cost, as far as that is known.")
(defvar-local litellm-chat--unpriced 0 "How many answers had no known cost.")
(defvar-local litellm-chat--thinking 0 "How many characters of reasoning have come.")
(defvar-local litellm-chat--saving nil "The timer that saves what has come.")

(defvar litellm-chat-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-c") #'litellm-chat-send)
    (define-key map (kbd "C-c C-k") #'litellm-chat-stop)
    (define-key map (kbd "C-c C-l") #'litellm-chat-use-model)
    (define-key map (kbd "C-c C-n") #'litellm-chat-new)
    (define-key map (kbd "C-c C-r") #'litellm-chat-resume)
    map)
  "Keys of a chat.")

(define-derived-mode litellm-chat-mode text-mode "LiteLLM chat"
  "A chat with a model.
\\{litellm-chat-mode-map}"
  (litellm-markdown-setup)
  ;; Scroll by lines, so that the question stays above its answer.
  (setq-local scroll-conservatively 101)
  ;; Written to a file of its user's, it is a chat still.
  (setq-local change-major-mode-with-file-name nil)
  (add-hook 'after-change-functions #'litellm-chat--save-soon nil t)
  (add-hook 'kill-buffer-hook #'litellm-chat--leave nil t)
  (add-hook 'change-major-mode-hook #'litellm-chat--leave nil t)
  (setq header-line-format '(:eval (litellm-chat--header))))

(defun litellm-chat--header ()
  "Return the header line: the model, what it does, and what was spent."
  (litellm-client-literally
   (concat " " (litellm-markdown-short (or litellm-chat--model litellm-chat--answered litellm-client-model
                                           (litellm-tr "the model in use"))
                                       40)
           (cond ((litellm-chat--is-busy)
                  (concat "  " (if (> litellm-chat--thinking 0)
                                   (litellm-tr "thinking, %d characters" litellm-chat--thinking)
                                 (litellm-tr "answering"))
                          "  " (litellm-tr "C-c C-k stops")))
                 (t (concat "  " (litellm-tr "C-c C-c sends, C-c C-l changes the model"))))
           (and (> litellm-chat--cost 0) (format "  %s" (litellm-usage-money litellm-chat--cost)))
           (and (> litellm-chat--unpriced 0) (concat "  " (litellm-tr "cost of %d unknown" litellm-chat--unpriced)))
           (when-let* ((today (litellm-usage-today litellm-chat--cost)))
             (concat "  · " today)))))

;;;; Opening

;;;###autoload
(defun litellm-chat (&optional begin end)
  "Go to the latest chat, or begin one; quote the region from BEGIN to END.
With a prefix argument, begin one in any case."
  (interactive (and (use-region-p) (list (region-beginning) (region-end))))
  (let ((quoted (pcase (and begin (litellm-text-while-asking (cons begin end) #'litellm-text-may-be-sent))
                  (`(,from ,to t) (litellm-chat--quoted from to))))
        (latest (seq-find (lambda (buffer) (with-current-buffer buffer (derived-mode-p 'litellm-chat-mode)))
                          (buffer-list))))
    (pop-to-buffer (if (and latest (not current-prefix-arg)) latest (litellm-chat--make)))
    (litellm-client-find-model)
    (goto-char (point-max))
    (when quoted
      (litellm-text-check-writable)
      (unless (bolp)
        (insert "\n"))
      (insert quoted "\n"))))

(defun litellm-chat--make ()
  "Return the buffer of a new chat."
  (with-current-buffer (generate-new-buffer "*LiteLLM chat*")
    (litellm-chat-mode)
    (insert litellm-chat--mark litellm-chat--you "\n\n")
    (current-buffer)))

(defun litellm-chat-new ()
  "Begin a new chat."
  (interactive)
  (pop-to-buffer-same-window (litellm-chat--make))
  (litellm-client-find-model)
  (goto-char (point-max)))

(defun litellm-chat-use-model (model)
  "Use MODEL in this chat from the next answer on."
  (interactive (list (litellm-models-read (litellm-tr "Model of this chat"))))
  (setq litellm-chat--model model
        ;; Its user wants the proxy in use to read what was said to another.
        litellm-chat--server nil)
  (litellm-chat--profile)
  (force-mode-line-update))

(defun litellm-chat--profile ()
  "Return the profile of the proxy that this chat is held with.
For a chat that begins, that is the one in use.  What was said to one proxy is
told to no other by itself."
  (let* ((profiles (append (plist-get (litellm-client-call :provider/listProfiles) :profiles) nil))
         (server (lambda (profile) (list (plist-get profile :name) (or (plist-get profile :baseUrl) "-"))))
         (active (funcall server (seq-find (lambda (profile) (eq t (plist-get profile :active))) profiles))))
    (unless litellm-chat--server
      (setq litellm-chat--server active))
    (unless (member litellm-chat--server (mapcar server profiles))
      (litellm-refuse "C-c C-l chooses a model of %s to go on with (this chat was held with %s)"
                  (litellm-markdown-line (cadr active)) (litellm-markdown-line (cadr litellm-chat--server))))
    (car litellm-chat--server)))

;;;; Asking

(defun litellm-chat--home ()
  "Return the buffer of this chat; an indirect one is another view of it."
  (or (buffer-base-buffer) (current-buffer)))

(defun litellm-chat-send ()
  "Send what you wrote, and have the answer written below it."
  (interactive)
  (let ((follows (eobp)))
    (with-current-buffer (litellm-chat--home)
      (litellm-chat--send follows))))

(defun litellm-chat--send (follows)
  "Send what was written, and go along with the answer if FOLLOWS."
  (when (litellm-chat--is-busy)
    (litellm-refuse "stop the answer with C-c C-k first"))
  (let* ((profile (litellm-chat--profile))
         (messages (litellm-chat--messages))
         (last (and (> (length messages) 0) (aref messages (1- (length messages))))))
    (unless (equal (plist-get last :role) "user")
      (litellm-refuse "write a question below the last heading first"))
    (let ((run (litellm-client-ask
                :provider/complete
                `(:messages ,messages :profile ,profile
                  ,@(and litellm-chat-system (list :system litellm-chat-system))
                  ,@(and litellm-chat--model (list :model litellm-chat--model)))
                :title (litellm-tr "answering")
                :delta (litellm-chat--hearing (litellm-chat--while-open #'litellm-chat--delta))
                :then (litellm-chat--while-open #'litellm-chat--answered)
                :failed (litellm-chat--while-open #'litellm-chat--failed))))
      (litellm-chat-place-begin (litellm-markdown-line (or litellm-chat--model "LiteLLM")))
      (setq litellm-chat--run run
            litellm-chat--thinking 0)
      (litellm-chat--save)
      (when follows
        (litellm-chat--follow)))))

(defun litellm-chat--is-busy ()
  "Say whether an answer is under way, or waits to be written."
  (and litellm-chat--run
       (or (litellm-client-is-running litellm-chat--run) (litellm-idle-is-waited-for))))

(defun litellm-chat--hearing (write)
  "Return a function to take what comes at once, and have WRITE write it."
  (lambda (part)
    (when (and (derived-mode-p 'litellm-chat-mode) (equal (plist-get part :type) "text"))
      (litellm-chat-place-hear (plist-get part :text))
      (litellm-chat--save-soon))
    (funcall write part)))

(defun litellm-chat--while-open (function)
  "Return FUNCTION for as long as this is the buffer of a chat.
`litellm-chat--leave' has kept what came before."
  (let ((depth (recursion-depth)))
    (lambda (value)
      (litellm-idle-run
       depth
       (lambda ()
         (when (derived-mode-p 'litellm-chat-mode)
           (funcall function value)))))))

(defun litellm-chat-stop ()
  "Stop the answer; what has come of it stays."
  (interactive)
  (let ((run (buffer-local-value 'litellm-chat--run (litellm-chat--home))))
    (unless (litellm-client-is-running run)
      (litellm-refuse "nothing is running in this chat"))
    (litellm-client-cancel run)))

(defun litellm-chat--follow ()
  "Let the windows of this chat go along with its end."
  (goto-char (point-max))
  (dolist (window (get-buffer-window-list nil nil t))
    (set-window-point window (point-max))))

(defun litellm-chat--delta (part)
  "Take a PART of the answer."
  (pcase (plist-get part :type)
    ("text" (setq litellm-chat--thinking 0)
     ;; Whatever is in the way now, all of it is written or shown in the end.
     (condition-case failure
         (litellm-chat-place-write (plist-get part :text))
       (error (message "LiteLLM: %s" (error-message-string failure)))))
    ("reasoning" (setq litellm-chat--thinking (+ litellm-chat--thinking (length (plist-get part :text))))
     (force-mode-line-update))
    ((or "retry" "warning") (message "LiteLLM: %s" (plist-get part :message)))))

;; The place of an answer is in litellm-chat-place.el.
(defun litellm-chat--put (result note)
  "Put the whole answer of RESULT in its place, and the next question behind it.
Its heading gets a NOTE."
  (let* ((whole (plist-get result :message))
         (text (or (plist-get whole :text) ""))
         (model (litellm-markdown-line (plist-get result :model))))
    (condition-case failure
        (litellm-chat-place-fill
         (propertize (concat litellm-chat--mark model note) 'litellm-message whole 'rear-nonsticky t)
         (litellm-chat--harmless (if (string-empty-p text) (or (plist-get whole :refusal) "") text)))
      (error (litellm-answer-show text (litellm-text-trouble failure))))
    (setq litellm-chat--answered model)
    (if-let* ((cost (plist-get (plist-get result :usage) :cost)))
        (setq litellm-chat--cost (+ litellm-chat--cost cost))
      (cl-incf litellm-chat--unpriced))
    (litellm-chat--save)))

(defun litellm-chat--answered (result)
  "Take RESULT, the whole answer."
  (setq litellm-chat--run nil)
  (let ((reason (plist-get result :finishReason)))
    (litellm-chat--put result (if (equal reason "stop") "" (litellm-tr " (ended by %s)" reason)))
    (litellm-usage-say result)
    (litellm-usage-count (lambda () (force-mode-line-update t)))))

(defun litellm-chat--failed (error)
  "Take ERROR; what has come of the answer stays, and the question in any case."
  (setq litellm-chat--run nil)
  (let ((partial (plist-get (plist-get error :data) :partial))
        (come (litellm-chat-place-come)))
    (cond (partial (litellm-chat--put partial (litellm-tr " (cut off)"))
                   (litellm-usage-say partial))
          ;; As before the question was sent, so that it can be sent again.
          ((string-empty-p come) (litellm-chat-place-take-back))
          (t (litellm-chat--put (list :model (or litellm-chat--model "LiteLLM") :message (list :text come))
                                (litellm-tr " (cut off)"))))
    (litellm-client-complain error)))

;;;; Keeping

(defun litellm-chat--save ()
  "Save this chat, with what has come of the answer under way."
  (litellm-chat--store (litellm-chat--text)))

(defun litellm-chat--text ()
  "Return this chat as it is saved."
  (save-restriction
    (widen)
    (if (litellm-chat--is-busy)
        (litellm-chat-place-text)
      (buffer-substring-no-properties (point-min) (point-max)))))

(defun litellm-chat--save-soon (&rest _change)
  "Save this chat within a second."
  (with-current-buffer (litellm-chat--home)
    (unless litellm-chat--saving
      (setq litellm-chat--saving
            (run-with-timer 1 nil (lambda (chat)
                                    (when (buffer-live-p chat)
                                      (with-current-buffer chat
                                        (litellm-chat--save-now))))
                            (current-buffer))))))

(defun litellm-chat--save-now ()
  "Save this chat where it waits for that: something was written, or has come."
  (when litellm-chat--saving
    (cancel-timer litellm-chat--saving)
    (setq litellm-chat--saving nil)
    (when (> (length (litellm-chat--messages)) 0)
      (litellm-chat--save))))

(defun litellm-chat--leave ()
  "Keep what was written, and what has come of the answer under way; stop it.
Another view of a chat can be left without that."
  (unless (buffer-base-buffer)
    (litellm-idle-wait-no-more)
    (litellm-chat--save-now)
    (when (litellm-client-is-running litellm-chat--run)
      (litellm-answer-keep (litellm-chat-place-come))
      (litellm-client-cancel litellm-chat--run)
      (litellm-tell "stopped; %s has what came"
               (if litellm-chat-directory "M-x litellm-chat-resume" "M-x litellm-insert-answer")))))

(defun litellm-chat--leave-all ()
  "Keep what has come of all answers under way."
  (dolist (buffer (buffer-list))
    (with-current-buffer buffer
      (when (derived-mode-p 'litellm-chat-mode)
        (litellm-chat--leave)))))

(add-hook 'kill-emacs-hook #'litellm-chat--leave-all)

;;;; Going on

;;;###autoload
(defun litellm-chat-resume (file)
  "Go on with the chat that is saved in FILE."
  (interactive
   (let* ((saved (or (litellm-chat--saved) (litellm-refuse "begin a chat first (none is saved)")))
          (table (lambda (text predicate action)
                   (if (eq action 'metadata)
                       '(metadata (display-sort-function . identity) (cycle-sort-function . identity))
                     (complete-with-action action saved text predicate)))))
     (list (cdr (assoc (completing-read (litellm-tr "Chat: ") table nil t nil nil (caar saved)) saved)))))
  (let ((open (seq-find (lambda (buffer) (equal (buffer-local-value 'litellm-chat--file buffer) file))
                        (buffer-list))))
    (if open
        (pop-to-buffer-same-window open)
      (pop-to-buffer-same-window (litellm-chat--make))
      ;; To look at it changes nothing on the disk.
      (let ((inhibit-modification-hooks t))
        (litellm-chat--load file)
        (when (and (not litellm-chat--server)
                   (seq-some (lambda (message) (equal (plist-get message :role) "assistant"))
                             (litellm-chat--messages)))
          ;; Whom it was told nobody knows: its user says who is told the rest.
          (setq litellm-chat--server (list "unknown" (litellm-tr "an unknown proxy"))))
        (litellm-chat--prompt)))
    (goto-char (point-max))))

(defun litellm-chat--prompt ()
  "Have this chat end with a question, or with the place for one."
  (goto-char (point-max))
  (unless (and (re-search-backward (concat "^" litellm-chat--mark "\\(.*\\)$") nil t)
               (equal (match-string-no-properties 1) litellm-chat--you))
    (goto-char (point-max))
    (skip-chars-backward " \t\n")
    (delete-region (point) (point-max))
    (insert "\n\n" litellm-chat--mark litellm-chat--you "\n\n")))

(provide 'litellm-chat)
;;; litellm-chat.el ends here
