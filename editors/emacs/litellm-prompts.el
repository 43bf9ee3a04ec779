;;; litellm-prompts.el --- Own prompts, and commit messages  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Prompts are written in the settings file of litellm-ls, so that every editor has them.

;;; Code:

(require 'litellm-edit)

(defun litellm-prompts--all ()
  "Return a list of what can be asked by name."
  (append (plist-get (litellm-client-call :provider/listPrompts) :prompts) nil))

(defun litellm-prompts--named (name)
  "Return the prompt NAME."
  (or (seq-find (lambda (prompt) (equal name (plist-get prompt :name))) (litellm-prompts--all))
      (litellm-refuse "choose one of the prompts of M-x litellm-prompt (there is no %s)" name)))

(defun litellm-prompts--read ()
  "Have the user choose a prompt, and return it."
  (let ((titles (mapcar (lambda (prompt) (cons (plist-get prompt :title) prompt)) (litellm-prompts--all))))
    (cdr (assoc (completing-read (litellm-tr "Prompt: ") titles nil t) titles))))

;;;###autoload
(defun litellm-prompt (begin end prompt)
  "Ask with PROMPT, or one of that name, about the text from BEGIN to END.
That is the region, or the place at point.  What goes beside the text or
behind it is shown as it comes; a change of the region is looked at whole."
  (interactive
   (litellm-text-while-asking (if (use-region-p) (cons (region-beginning) (region-end)) (cons (point) (point)))
                              #'litellm-prompts--read))
  (let* ((prompt (if (stringp prompt) (litellm-prompts--named prompt) prompt))
         (name (plist-get prompt :name))
         (region (< begin end))
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
     :title (litellm-tr "writing a commit message")
     :then (lambda (result)
             (let ((text (string-trim (or (plist-get result :newText) "")))
                   (reason (plist-get result :reason)))
               (cond ((string-empty-p text) (litellm-client-say (format "LiteLLM: %s" reason)))
                     ;; It was cut off, for one.
                     (reason (litellm-edit--beside result reason))
                     ((not here) (litellm-edit--beside result nil))
                     (t (litellm-prompts--write result text place)))))
     :failed (lambda (error text)
               (when text
                 (litellm-answer-show text (litellm-tr "The message was cut off")))
               (litellm-client-complain error)))))

(defun litellm-prompts--write (result text place)
  "Write TEXT, which is all of RESULT, at PLACE; show it where that can't be."
  (condition-case failure
      (if (not (buffer-live-p (marker-buffer place)))
          (litellm-edit--beside result (litellm-tr "the text was closed"))
        (with-current-buffer (marker-buffer place)
          (litellm-review-replace place place text))
        (litellm-usage-say result))
    (error (litellm-edit--beside result (litellm-text-trouble failure)))))

(defun litellm-prompts--staged ()
  "Return what is staged in this buffer's repository."
  (with-temp-buffer
    (unless (eql 0 (process-file "git" nil '(t nil) nil "diff" "--cached" "--no-color" "--no-ext-diff"))
      (litellm-refuse "go to a file of a Git repository first"))
    (when (= (point-min) (point-max))
      (litellm-refuse "stage changes first (nothing is staged)"))
    (buffer-string)))

(provide 'litellm-prompts)
;;; litellm-prompts.el ends here
