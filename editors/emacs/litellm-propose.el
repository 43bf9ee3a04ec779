;;; litellm-propose.el --- Proposals while you type  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; What a model would write at point is shown as ghost text, and TAB takes it.  `litellm-propose-mode' is off until you
;; switch it on, for it sends code while you type.  The server waits for a pause, and sends no file that may hold
;; secrets.

;;; Code:

(require 'litellm-client)
(require 'litellm-markdown)
(require 'litellm-text)

(defface litellm-ghost '((t :inherit shadow))
  "What a model proposes."
  :group 'litellm)

(defconst litellm-propose--invoked 1 "That the user asks for a proposal, in LSP.")
(defconst litellm-propose--automatic 2 "That typing asks for one.")

(defvar-local litellm-propose--ghost nil "The overlay of what is proposed here, if anything is.")
(defvar-local litellm-propose--run nil "The question under way.")
(defvar-local litellm-propose--timer nil "What will ask.")
(defvar-local litellm-propose--tick nil "The state of the text that was looked at last.")
(defvar-local litellm-propose--sent nil "The connection and the state of the text that the server knows.")
(defvar-local litellm-propose--version 0 "How often the server was told this text.")
(defvar litellm-propose--complaint nil "What was complained of last.")

(defvar litellm-propose-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "TAB") #'litellm-propose-accept)
    (define-key map [tab] #'litellm-propose-accept)
    (define-key map (kbd "M-<right>") #'litellm-propose-accept-word)
    (define-key map (kbd "C-e") #'litellm-propose-accept-line)
    (define-key map (kbd "M-]") #'litellm-propose-next)
    (define-key map (kbd "C-g") #'litellm-propose-dismiss)
    map)
  "Keys while something is proposed.")

;;;###autoload
(define-minor-mode litellm-propose-mode
  "Show what a model would write at point while you type.
\\{litellm-propose-map}"
  :lighter " Ghost"
  :group 'litellm
  (if litellm-propose-mode
      (progn
        (setq litellm-propose--tick (buffer-chars-modified-tick))
        (add-hook 'post-command-hook #'litellm-propose--look nil t)
        (add-hook 'kill-buffer-hook #'litellm-propose--leave nil t))
    (remove-hook 'post-command-hook #'litellm-propose--look t)
    (remove-hook 'kill-buffer-hook #'litellm-propose--leave t)
    (litellm-propose--leave)))

(defun litellm-propose--on ()
  "Switch proposals on where code or text is written."
  (when (derived-mode-p 'prog-mode 'text-mode)
    (litellm-propose-mode)))

;;;###autoload
(define-globalized-minor-mode litellm-global-propose-mode litellm-propose-mode litellm-propose--on
  :group 'litellm)

;;;; The ghost

;; Its keys hold as long as it is there.
(add-to-list 'minor-mode-map-alist (cons 'litellm-propose--ghost litellm-propose-map))

(defun litellm-propose--show (text)
  "Show TEXT at point."
  (unless litellm-propose--ghost
    (setq litellm-propose--ghost (make-overlay (point) (point) nil t)))
  (move-overlay litellm-propose--ghost (point) (point))
  (let ((ghost (propertize (litellm-markdown-plain text) 'face 'litellm-ghost)))
    ;; Point stands before it, and not behind.
    (put-text-property 0 1 'cursor t ghost)
    (overlay-put litellm-propose--ghost 'after-string ghost))
  (overlay-put litellm-propose--ghost 'litellm-text text))

(defun litellm-propose--hide ()
  "Take the ghost away."
  (when litellm-propose--ghost
    (delete-overlay litellm-propose--ghost)
    (setq litellm-propose--ghost nil)))

(defun litellm-propose--text ()
  "Return what is proposed, or nil."
  (and litellm-propose--ghost (overlay-get litellm-propose--ghost 'litellm-text)))

(defun litellm-propose--typed-along ()
  "Say whether the ghost still fits what is before point; shorten it."
  (when-let* ((text (litellm-propose--text))
              (begin (overlay-start litellm-propose--ghost)))
    (when (>= (point) begin)
      (let ((typed (buffer-substring-no-properties begin (point))))
        (when (and (string-prefix-p typed text) (< (length typed) (length text)))
          (unless (string-empty-p typed)
            (litellm-propose--show (substring text (length typed))))
          t)))))

;;;; Asking

(defun litellm-propose--look ()
  "See what the last command has done to the text."
  (let ((changed (not (eql litellm-propose--tick (buffer-chars-modified-tick)))))
    (setq litellm-propose--tick (buffer-chars-modified-tick))
    (unless (litellm-propose--typed-along)
      (litellm-propose--hide)
      (if (and changed (not buffer-read-only) (not (use-region-p)))
          (litellm-propose--soon litellm-propose--automatic)
        (litellm-propose--stop)))))

(defun litellm-propose--stop ()
  "Ask nothing, and wait for no answer."
  (when litellm-propose--timer
    (cancel-timer litellm-propose--timer)
    (setq litellm-propose--timer nil))
  (litellm-client-cancel litellm-propose--run)
  (setq litellm-propose--run nil))

(defun litellm-propose--soon (trigger)
  "Ask for a proposal by TRIGGER, once no more keys wait."
  (litellm-propose--stop)
  (setq litellm-propose--timer
        (run-with-idle-timer 0.03 nil
                             (lambda (buffer)
                               (when (and (buffer-live-p buffer) (eq buffer (window-buffer)))
                                 (with-current-buffer buffer
                                   (setq litellm-propose--timer nil)
                                   (litellm-propose--ask trigger))))
                             (current-buffer))))

(defun litellm-propose--ask (trigger)
  "Ask what belongs at point, by TRIGGER."
  (let ((place (point))
        (tick (buffer-chars-modified-tick)))
    (setq litellm-propose--run
          (condition-case failure
              (progn
                (litellm-propose--tell)
                (litellm-client-ask
                 :textDocument/inlineCompletion
                 (list :textDocument (list :uri (litellm-text-uri))
                       :position (litellm-text-position place)
                       :context (list :triggerKind trigger))
                 :then (lambda (result)
                         (when (and (= place (point)) (eql tick (buffer-chars-modified-tick)))
                           (litellm-propose--take result)))
                 :failed #'litellm-propose--complain))
            (user-error (litellm-propose--complain (list :message (cadr failure))))))))

(defun litellm-propose--take (result)
  "Show the proposal of RESULT."
  (let ((items (plist-get result :items)))
    (when (> (length items) 0)
      (let ((text (plist-get (aref items 0) :insertText)))
        (unless (or (string-empty-p text) (not litellm-propose-mode))
          (litellm-propose--show text))))))

(defun litellm-propose--complain (error)
  "Tell ERROR, unless it is that of the last time or of a cancel."
  (unless (or (litellm-client-is-cancelled error) (equal error litellm-propose--complaint))
    (setq litellm-propose--complaint error)
    (litellm-client-complain error))
  nil)

;;;; What the server knows of the text

(defun litellm-propose--tell ()
  "Tell the server this text, where it has changed."
  (let* ((connection (litellm-client-connection))
         (document (litellm-text-document))
         (uri (plist-get document :uri))
         (now (list connection uri (buffer-chars-modified-tick))))
    (unless (equal now litellm-propose--sent)
      (cl-incf litellm-propose--version)
      (if (and (eq connection (nth 0 litellm-propose--sent)) (equal uri (nth 1 litellm-propose--sent)))
          (litellm-client-notify connection :textDocument/didChange
                               `(:textDocument (:uri ,uri :version ,litellm-propose--version)
                                 :contentChanges [(:text ,(plist-get document :text))]))
        (litellm-propose--close)
        (litellm-client-notify connection :textDocument/didOpen
                               (list :textDocument (append document (list :version litellm-propose--version)))))
      (setq litellm-propose--sent now))))

(defun litellm-propose--close ()
  "Have the server forget this text."
  (pcase-let ((`(,connection ,uri) litellm-propose--sent))
    (when (and connection (jsonrpc-running-p connection))
      (litellm-client-notify connection :textDocument/didClose (list :textDocument (list :uri uri))))
    (setq litellm-propose--sent nil)))

(defun litellm-propose--leave ()
  "End all of it in this buffer."
  (litellm-propose--hide)
  (litellm-propose--stop)
  (litellm-propose--close))

;;;; Taking it

(defun litellm-propose--accept (end)
  "Take what is proposed up to END, and go on with the rest."
  (let ((text (or (litellm-propose--text) (litellm-refuse "nothing is proposed here"))))
    (undo-boundary)
    (goto-char (overlay-start litellm-propose--ghost))
    (insert (substring text 0 end))
    (undo-boundary)
    (if (= end (length text))
        (litellm-propose--hide)
      (litellm-propose--show (substring text end)))
    (setq litellm-propose--tick (buffer-chars-modified-tick))))

(defun litellm-propose-accept ()
  "Take what is proposed."
  (interactive)
  (litellm-text-check-writable)
  (litellm-propose--accept (length (litellm-propose--text))))

(defun litellm-propose-accept-word ()
  "Take the first word of what is proposed."
  (interactive)
  (litellm-text-check-writable)
  (let ((text (or (litellm-propose--text) "")))
    (litellm-propose--accept (if (string-match "\\`[[:space:]\n]*\\(?:\\w+\\|[^[:space:]\n]\\)" text)
                                 (match-end 0)
                               (length text)))))

(defun litellm-propose-accept-line ()
  "Take the first line of what is proposed."
  (interactive)
  (litellm-text-check-writable)
  (let ((text (or (litellm-propose--text) "")))
    (litellm-propose--accept (if (string-match "\\`\n*[^\n]+" text) (match-end 0) (length text)))))

(defun litellm-propose-next ()
  "Ask for another proposal here; where there is none, for one."
  (interactive)
  (litellm-text-check-writable)
  (unless litellm-propose-mode
    (litellm-refuse "switch on litellm-propose-mode first"))
  (litellm-propose--soon litellm-propose--invoked))

(defun litellm-propose-dismiss ()
  "Take the proposal away."
  (interactive)
  (litellm-propose--hide)
  (litellm-propose--stop))

(provide 'litellm-propose)
;;; litellm-propose.el ends here
