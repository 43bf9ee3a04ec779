;;; litellm-usage.el --- What was used, and how the connection is  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Two tables: the calls of this session by model, and the checks of the connection.

;;; Code:

(require 'litellm-client)
(require 'litellm-markdown)
(require 'tabulated-list)

(defun litellm-usage-of (result)
  "Return in a few words who answered RESULT, and what it took."
  (let* ((usage (plist-get result :usage))
         (tokens (lambda (kind) (or (plist-get usage kind) "unknown")))
         (model (litellm-markdown-line (plist-get result :model))))
    (if usage
        (format "%s: %s tokens in, %s out, %s" model (funcall tokens :inputTokens) (funcall tokens :outputTokens)
                (litellm-usage-money (plist-get usage :cost)))
      (format "%s: cost unknown" model))))

(defun litellm-usage-before (dry)
  "Return in a few words who would be asked by DRY, a dry run, and its price."
  (let ((tokens (plist-get dry :estimatedInputTokens))
        (cost (plist-get dry :estimatedCost)))
    (concat (litellm-markdown-line (plist-get dry :model))
            (and tokens (format ", ~%s tokens in" tokens))
            (and cost (format ", ~%s" (litellm-usage-money cost))))))

(defun litellm-usage-say (result)
  "Say who answered RESULT, and what it took."
  (litellm-client-say (format "LiteLLM: %s" (litellm-usage-of result))))

(defun litellm-usage-money (amount)
  "Return AMOUNT in US dollars, as people read it."
  (cond ((null amount) "cost unknown")
        ((zerop amount) "free")
        ((< amount 0.000001) "<$0.000001")
        (t (let ((text (format "%.6f" amount)))
             (concat "$" (replace-regexp-in-string "\\(\\.[0-9][0-9][0-9]*?\\)0*\\'" "\\1" text))))))

(define-derived-mode litellm-usage-mode tabulated-list-mode "LiteLLM usage"
  "What was used."
  (setq tabulated-list-format
        ;; They fit into 80 columns.
        (vector '("Model" 30 t) '("Outcome" 9 t)
                (list "Calls" 6 (litellm-usage--by 2) :right-align t)
                (list "In" 9 (litellm-usage--by 3) :right-align t)
                (list "Out" 8 (litellm-usage--by 4) :right-align t)
                '("Cost" 12 t :right-align t)))
  (tabulated-list-init-header))

(defun litellm-usage--by (column)
  "Return the order of rows by the number in COLUMN."
  (lambda (row other)
    (< (string-to-number (aref (cadr row) column)) (string-to-number (aref (cadr other) column)))))

(defun litellm-usage--row (model outcome sum)
  "Return the row of MODEL and OUTCOME with SUM."
  (list (list model outcome)
        (vector (litellm-markdown-line model) outcome
                (number-to-string (plist-get sum :calls))
                (number-to-string (plist-get sum :inputTokens))
                (number-to-string (plist-get sum :outputTokens))
                (litellm-usage-money (plist-get sum :cost)))))

;;;###autoload
(defun litellm-usage ()
  "Show what was used since the server began."
  (interactive)
  (let* ((report (litellm-client-call :provider/usage))
         (rows (mapcar (lambda (row)
                         (litellm-usage--row (plist-get row :model) (plist-get row :outcome) (plist-get row :sum)))
                       (plist-get report :rows)))
         (key (plist-get report :key)))
    (with-current-buffer (get-buffer-create "*LiteLLM usage*")
      (litellm-usage-mode)
      (setq tabulated-list-entries
            (append rows (list (litellm-usage--row "all" "" (plist-get report :total)))))
      (tabulated-list-print)
      ;; A proxy without a database says 0 of every key, whatever was spent.
      (when (and (plist-get key :spend) (or (> (plist-get key :spend) 0) (plist-get key :maxBudget)))
        (let ((inhibit-read-only t))
          (goto-char (point-max))
          (insert (format "\nThe key has spent %s of %s.\n" (litellm-usage-money (plist-get key :spend))
                          (if (plist-get key :maxBudget)
                              (litellm-usage-money (plist-get key :maxBudget))
                            "no limit")))
          (goto-char (point-min))))
      (display-buffer (current-buffer) '(nil (inhibit-same-window . t))))))

;;;###autoload
(defun litellm-status ()
  "Say whether the proxy can be used, and if not, what to do."
  (interactive)
  (litellm-usage-show-status (litellm-client-call :provider/status)))

(defun litellm-usage-show-status (status)
  "Show STATUS: one line where all is well, else a page of what was checked."
  (let* ((checks (append (plist-get status :checks) nil))
         (bad (seq-filter (lambda (check) (member (plist-get check :outcome) '("failed" "warning"))) checks))
         (model (plist-get status :defaultModel)))
    (if (null bad)
        (message "LiteLLM: %s answers, %s models%s" (plist-get status :baseUrl)
                 (or (plist-get status :modelCount) "no") (if model (format ", using %s" model) ""))
      (litellm-page "status" (litellm-usage--status-page status (append bad (seq-difference checks bad #'eq))))
      (litellm-client-say (litellm-client-told (list :message (plist-get (car bad) :message)
                                               :data (list :remedy (plist-get (car bad) :remedy))))))))

(defun litellm-usage--status-page (status rows)
  "Return a page of STATUS with a line for each of ROWS."
  (concat (format "# LiteLLM: %s\n\n%s\n\n" (plist-get status :state)
                  (or (plist-get status :baseUrl) (plist-get status :profile)))
          (mapconcat (lambda (check)
                       (format "%s %s%s\n"
                               (pcase (plist-get check :outcome) ("ok" "✓") ("failed" "✗") ("warning" "!") (_ "·"))
                               (plist-get check :message)
                               (if (plist-get check :remedy) (format "\n  → %s" (plist-get check :remedy)) "")))
                     rows "")))

(provide 'litellm-usage)
;;; litellm-usage.el ends here
