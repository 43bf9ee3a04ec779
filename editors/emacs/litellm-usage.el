;;; litellm-usage.el --- What was used, and how the connection is  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Two pages: what was spent, and the checks of the connection.

;;; Code:

(require 'litellm-client)
(require 'litellm-markdown)

(defun litellm-usage-of (result)
  "Return in a few words who answered RESULT, and what it took.
A \"~\" stands before what nobody has counted."
  (let* ((counted (plist-get result :usage))
         (usage (or counted (plist-get result :estimatedUsage)))
         (mark (if counted "" "~"))
         (tokens (lambda (kind)
                   (if-let* ((count (plist-get usage kind))) (format "%s%s" mark count) (litellm-tr "unknown"))))
         (cost (plist-get usage :cost))
         (model (litellm-markdown-line (plist-get result :model))))
    (if usage
        (litellm-tr "%s: %s tokens in, %s out, %s" model (funcall tokens :inputTokens) (funcall tokens :outputTokens)
                    (if (or counted (null cost)) (litellm-usage-money cost) (concat mark (litellm-usage-about cost))))
      (litellm-tr "%s: cost unknown" model))))

(defun litellm-usage-before (dry)
  "Return in a few words who would be asked by DRY, a dry run, and its price."
  (let ((tokens (plist-get dry :estimatedInputTokens))
        (cost (plist-get dry :estimatedCost)))
    (concat (litellm-markdown-line (plist-get dry :model))
            (and tokens (concat (litellm-tr ", ") (litellm-tr "~%s tokens in" tokens)))
            (and cost (concat (litellm-tr ", ") "~" (litellm-usage-about cost))))))

(defun litellm-usage-about (amount)
  "Return the estimated AMOUNT in US dollars, in two digits.
It is the server's own rule (src/figures.rs)."
  (let ((digits (or (seq-find (lambda (digits) (>= (* amount (expt 10.0 (1- digits))) 1)) '(2 3 4 5)) 6)))
    (format (format "$%%.%df" digits) amount)))

(defun litellm-usage-say (result)
  "Say who answered RESULT, and what it took."
  (litellm-client-say (format "LiteLLM: %s" (litellm-usage-of result))))

(defun litellm-usage-money (amount)
  "Return AMOUNT in US dollars, as people read it."
  (cond ((null amount) (litellm-tr "cost unknown"))
        ((zerop amount) (litellm-tr "free"))
        ((< amount 0.000001) "<$0.000001")
        (t (let ((text (format "%.6f" amount)))
             (concat "$" (replace-regexp-in-string "\\(\\.[0-9][0-9][0-9]*?\\)0*\\'" "\\1" text))))))

(defvar litellm-usage--today nil
  "What was spent today: the day, the sum, and the limit of a day.")

(defun litellm-usage-count (then)
  "Look up what all programs of this machine have spent today, and call THEN."
  (let ((day (format-time-string "%Y-%m-%d")))
    (litellm-client-ask
     :provider/usage `(:ledger (:since ,day) :watch t)
     :then (lambda (report)
             (let ((own (seq-find (lambda (budget) (and (equal (plist-get budget :scope) "own")
                                                        (equal (plist-get budget :window) "day")))
                                  (plist-get report :budgets))))
               (setq litellm-usage--today
                     (and (plist-get report :ledger)
                          (list day (plist-get (plist-get report :ledger) :total) (plist-get own :limit))))
               (funcall then)))
     ;; Where it is not recorded, it is not shown.
     :failed #'ignore)))

(defun litellm-usage-today (cost)
  "Return in a few words what was spent today, where that is more than COST."
  (pcase-let ((`(,day ,sum ,limit) litellm-usage--today))
    (when (and day (equal day (format-time-string "%Y-%m-%d")))
      (let ((spent (or (plist-get sum :cost) 0)))
        ;; Parts of a cent are no difference.
        (when (or limit (> spent (+ cost 0.00005)))
          (let ((spent (concat (if (zerop spent) "$0" (litellm-usage-money spent))
                               (if (> (plist-get sum :unpricedCalls) 0) "+" ""))))
            (if limit
                (litellm-tr "%s of %s today" spent (litellm-usage-money limit))
              (litellm-tr "%s today" spent))))))))

;;;###autoload
(defun litellm-usage ()
  "Show what was spent lately, by model, and what is left of budgets."
  (interactive)
  (litellm-page-drawn "usage" (plist-get (litellm-client-call :provider/usage '(:page t)) :page)))

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
        (message "LiteLLM: %s%s"
                 (litellm-tr "%s answers, models: %s" (plist-get status :baseUrl) (or (plist-get status :modelCount) 0))
                 (if model (concat (litellm-tr ", ") (litellm-tr "using %s" (litellm-markdown-short model))) ""))
      (litellm-page-drawn "status" (litellm-usage--status-page status (append bad (seq-difference checks bad #'eq))))
      (litellm-client-say (litellm-client-told (list :message (plist-get (car bad) :message)
                                               :data (list :remedy (plist-get (car bad) :remedy))))))))

(defun litellm-usage--state (status)
  "Return in words how the connection is by STATUS."
  (pcase (plist-get status :state)
    ("ready" (litellm-tr "ready"))
    ("degraded" (litellm-tr "works, with a warning"))
    ("unreachable" (litellm-tr "unreachable"))
    ("unauthorized" (litellm-tr "the key is refused"))
    (_ (litellm-tr "can't be used"))))

(defun litellm-usage--status-page (status rows)
  "Return a page of STATUS with a line for each of ROWS."
  (concat (format "# LiteLLM: %s\n\n%s\n\n" (litellm-usage--state status)
                  (or (plist-get status :baseUrl) (plist-get status :profile)))
          (mapconcat (lambda (check)
                       (format "%s %s%s\n"
                               (pcase (plist-get check :outcome) ("ok" "✓") ("failed" "✗") ("warning" "!") (_ "·"))
                               (plist-get check :message)
                               (if (plist-get check :remedy) (format "\n  → %s" (plist-get check :remedy)) "")))
                     rows "")))

(provide 'litellm-usage)
;;; litellm-usage.el ends here
