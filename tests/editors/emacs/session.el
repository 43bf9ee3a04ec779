;;; session.el --- What a user does in a stock Emacs with eglot  -*- lexical-binding: t; -*-

;; Run in batch in a home of its own, with litellm.el loaded, litellm-ls on the PATH, and its proxy in the environment.
;; Nobody types: `choose' answers what Emacs asks its user, and `shows' reads what they would see.

(require 'seq)
(require 'subr-x)

(defvar wanted nil "Which choice to make where Emacs asks for one.")
(defvar offered nil "What Emacs offered then.")
(defvar annotated nil "What it said beside each.")
(defvar seen 1 "Where in *Messages* that begins which was not waited for yet.")

(setq eglot-sync-connect t
      eglot-autoshutdown nil
      last-nonmenu-event ?a
      litellm-options '(:apiKey "env:LITELLM_API_KEY" :features (:completion t))
      completing-read-function
      (lambda (_prompt choices &rest _)
        (setq offered (all-completions "" choices)
              annotated (let ((told (plist-get completion-extra-properties :annotation-function)))
                          (and told (mapcar told offered))))
        (or (seq-find (lambda (choice) (string-search wanted choice)) offered)
            (error "%S is not among %S" wanted offered))))

(defun until (what ready)
  "Wait until READY says so; that is WHAT is told where it never does."
  (let ((end (time-add nil 30)))
    (while (not (funcall ready))
      (when (time-less-p end nil)
        (error "%s: did not happen" what))
      (accept-process-output nil 0.02)))
  (princ (format "  %s\n" what) #'external-debugging-output))

(defun says (what text)
  "Wait for a message with TEXT, behind those waited for before."
  (until what (lambda ()
                (with-current-buffer (messages-buffer)
                  (goto-char seen)
                  (when (search-forward text nil t)
                    (setq seen (point)))))))

(defun shows (what text)
  "Wait until TEXT is in the window, in a file of its own; then close it."
  (let (page)
    (until what (lambda ()
                  (setq page (seq-find (lambda (buffer)
                                         (with-current-buffer buffer
                                           (and view-mode (string-search text (buffer-string)))))
                                       (mapcar #'window-buffer (window-list))))))
    (unless (equal (buffer-name (window-buffer)) "notes.txt")
      (error "%s: the focus was taken by %s" what (window-buffer)))
    (delete-windows-on page)
    (kill-buffer page))
  (switch-to-buffer "notes.txt"))

(defun choose (command choice)
  "Call COMMAND as keys do, and take the CHOICE that it offers."
  (setq wanted choice)
  (call-interactively command))

(defun choose-at (line choice)
  "Choose from the code actions on the text of LINE."
  (goto-char (point-min))
  (forward-line (1- line))
  (let ((transient-mark-mode t))
    (push-mark (line-end-position) t t)
    (choose #'eglot-code-actions choice)))

(defun start (url key)
  "Start the server anew, with a proxy at URL and a KEY."
  (when (eglot-current-server)
    (eglot-shutdown (eglot-current-server)))
  (setenv "LITELLM_BASE_URL" url)
  (setenv "LITELLM_API_KEY" key)
  (call-interactively #'eglot))

(let ((url (getenv "LITELLM_BASE_URL"))
      (key (getenv "LITELLM_API_KEY"))
      (text "# Notes\n\nsome lines\n\nhang in Emacs\n\n")
      (process nil))
  (write-region text nil "~/notes.txt")
  (find-file "~/notes.txt")
  (buffer-enable-undo)
  (start url key)

  (goto-char (point-max))
  (choose #'eglot-code-actions "use long")
  (unless (member "LiteLLM: ✓ use plain · 128k context · $0.15 / $0.60 · tools vision" offered)
    (error "No model with its price among %S" offered))
  (says "pick: a code action says the choice" "LiteLLM: using long")
  (choose #'litellm-use-model "described")
  (unless (member "  200k context  $3.00 in, $15.00 out per M" annotated)
    (error "No context window and prices among %S" annotated))
  (says "pick: a choice of the minibuffer" "LiteLLM: using described")
  (choose #'litellm-models "")
  (shows "list: a table opens" "| ● described")
  (choose #'litellm-status "")
  (says "status: one line" "LiteLLM: the proxy answers")

  (undo-boundary)
  (choose #'litellm-complete "")
  (until "complete: the answer stands in the text"
         (lambda () (equal (buffer-string) (concat text "described"))))
  (says "usage: tokens and cost are said" "described: ")
  (undo-boundary)
  (undo)
  (unless (equal (buffer-string) text)
    (error "One undo left %S" (buffer-string)))
  (undo-boundary)
  (choose-at 3 "rewrite the selection")
  (until "rewrite: the answer takes the place of the selection"
         (lambda () (equal (buffer-string) (string-replace "some lines" "described" text))))
  (when mark-active
    (error "The region is active after a rewrite"))
  (undo-boundary)
  (undo)
  (unless (equal (buffer-string) text)
    (error "One undo of a rewrite left %S" (buffer-string)))
  (choose-at 3 "explain the selection")
  (shows "explain: the answer opens" "described")

  (goto-char (point-max))
  (insert "It was ")
  (completion-at-point)
  (until "completion at point: the only proposal is taken"
         (lambda () (string-suffix-p "It was described" (buffer-string))))

  (litellm-use-model "up")
  (says "pick: by name" "LiteLLM: using up")
  (choose-at 5 "explain the selection")
  (until "progress: said in the mode line"
         (lambda ()
           (let ((shown (eglot--progress-reporters (eglot-current-server))))
             (string-search "characters" (format "%S" (hash-table-values shown))))))
  (choose-at 5 "cancel what is running")
  (says "cancel: said" "LiteLLM: cancelled")

  (start url "sk-wrong")
  (choose #'litellm-status "")
  (says "wrong key: said, with what to do" "set apiKey")
  (start "http://127.0.0.1:9" key)
  (choose #'litellm-complete "")
  (says "dead proxy: said, with what to do" "nothing answers at 127.0.0.1:9")

  (setq process (jsonrpc--process (eglot-current-server)))
  (eglot-shutdown (eglot-current-server))
  (until "the server ends" (lambda () (not (process-live-p process)))))
