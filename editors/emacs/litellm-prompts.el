;;; litellm-prompts.el --- Own prompts, and commit messages  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Prompts are written in the settings file of litellm-ls, so that every editor has them.

;;; Code:

(require 'litellm-edit)

(defun litellm-prompts--all ()
  "Return a list of what can be asked by name."
  (append (plist-get (litellm-client-call :provider/listPrompts) :prompts) nil))

(defun litellm-prompts--read ()
  "Have the user choose a prompt, and return its name."
  (let ((titles (mapcar (lambda (prompt) (cons (plist-get prompt :title) (plist-get prompt :name)))
                        (litellm-prompts--all))))
    (cdr (assoc (completing-read "Prompt: " titles nil t) titles))))

;;;###autoload
(defun litellm-prompt (name)
  "Ask with the prompt NAME about the region, or about the place at point.
What goes beside the text or behind it is shown as it comes; a change
of the region is looked at whole."
  (interactive (list (litellm-prompts--read)))
  (let* ((prompt (seq-find (lambda (prompt) (equal name (plist-get prompt :name))) (litellm-prompts--all)))
         (region (use-region-p))
         (begin (if region (region-beginning) (point)))
         (end (if region (region-end) (point)))
         (params (list :prompt name)))
    (pcase (plist-get prompt :output)
      ("insert" (litellm-edit--write params name begin end))
      ((and (or "diff" "replace") (guard region)) (litellm-edit--change begin end params name))
      ((or "diff" "replace") (litellm-edit--write params name begin end))
      (_ (litellm-edit--read begin end params name)))))

;;;###autoload
(defun litellm-commit-message ()
  "Have a commit message written at point, about what is staged.
In a buffer that is not for that it is shown beside."
  (interactive)
  (let* ((diff (litellm-prompts--staged))
         (here (and (not buffer-read-only)
                    (or (derived-mode-p 'log-edit-mode) (bound-and-true-p git-commit-mode)
                        (equal (and buffer-file-name (file-name-nondirectory buffer-file-name)) "COMMIT_EDITMSG"))))
         (place (copy-marker (point) t)))
    (litellm-edit-ask
     (with-temp-buffer
       (insert diff)
       `(:textDocument (:uri "untitled:staged.diff" :languageId "diff" :text ,diff)
         :range ,(litellm-text-range (point-min) (point-max)) :prompt "commit"))
     :title "writing a commit message"
     :then (lambda (result)
             (let ((text (string-trim (or (plist-get result :newText) ""))))
               (cond ((string-empty-p text) (litellm-client-say (format "LiteLLM: %s" (plist-get result :reason))))
                     ((and here (marker-buffer place) (not buffer-read-only))
                      (litellm-review-replace place place text)
                      (litellm-usage-say result))
                     (t (litellm-answer-show text nil)
                        (litellm-usage-say result)))))
     :failed (lambda (error text)
               (when text
                 (litellm-answer-show text "The message was cut off"))
               (litellm-client-complain error)))))

(defun litellm-prompts--staged ()
  "Return what is staged in this buffer's repository."
  (with-temp-buffer
    (unless (eql 0 (process-file "git" nil '(t nil) nil "diff" "--cached" "--no-color" "--no-ext-diff"))
      (user-error "LiteLLM: go to a file of a Git repository first"))
    (when (= (point-min) (point-max))
      (user-error "LiteLLM: stage changes first (nothing is staged)"))
    (buffer-string)))

(provide 'litellm-prompts)
;;; litellm-prompts.el ends here
