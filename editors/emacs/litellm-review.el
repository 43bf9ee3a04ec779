;;; litellm-review.el --- Looking at a change before it lands  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; A model's change stands below the text that it would replace, until you accept or discard it, or look closer with
;; ediff or smerge.  Nothing of the buffer is changed before, and accepting is one step of undo.

;;; Code:

(require 'litellm-answer)
(require 'litellm-stream)
(require 'litellm-text)
(require 'smerge-mode)
(require 'subr-x)

(declare-function ediff-buffers "ediff")

(defface litellm-old '((t :inherit diff-removed :extend t))
  "A text that a model would replace."
  :group 'litellm)

(defun litellm-review--key (command)
  "Return a binding of COMMAND, for places with a change alone."
  `(menu-item "" ,command :filter ,(lambda (command) (and (litellm-review--at-point) command))))

(defvar litellm-review-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-c") (litellm-review--key #'litellm-accept))
    (define-key map (kbd "C-c C-k") (litellm-review--key #'litellm-discard))
    (define-key map (kbd "C-c C-e") (litellm-review--key #'litellm-ediff))
    (define-key map (kbd "C-c C-s") (litellm-review--key #'litellm-smerge))
    map)
  "Keys on a change that waits for you.
At its end too, where point is behind a region; so they are no keymap of an
overlay.")

(define-minor-mode litellm-review-mode
  "Keys on changes of a model that wait for you."
  :lighter nil)

(defconst litellm-review--hint
  (litellm-tr "C-c C-c accepts, C-c C-k discards, C-c C-e compares in ediff, C-c C-s merges")
  "What can be done with a change.")

(defun litellm-review (begin end new)
  "Show that NEW would replace the text from BEGIN to END."
  (let ((overlay (make-overlay begin end nil t nil))
        (newline (if (string-suffix-p "\n" new) "" "\n"))
        (before (if (and (> end begin) (eq (char-before end) ?\n)) "" "\n")))
    (overlay-put overlay 'litellm-new new)
    (overlay-put overlay 'litellm-old (buffer-substring-no-properties begin end))
    (overlay-put overlay 'face 'litellm-old)
    (overlay-put overlay 'help-echo litellm-review--hint)
    (overlay-put overlay 'evaporate t)
    (overlay-put overlay 'after-string
                 (concat before (propertize new 'face 'litellm-fresh) newline
                         (propertize (concat litellm-review--hint "\n") 'face 'shadow)))
    (litellm-review-mode 1)
    overlay))

(defun litellm-review--all ()
  "Return what waits for the user in this buffer."
  (seq-filter (lambda (overlay) (overlay-get overlay 'litellm-new))
              (save-restriction
                (widen)
                (overlays-in (point-min) (point-max)))))

(defun litellm-review--at-point ()
  "Return the change at point, or nil."
  (seq-find (lambda (overlay) (<= (overlay-start overlay) (point) (overlay-end overlay))) (litellm-review--all)))

(defun litellm-review--end (overlay)
  "Take OVERLAY away."
  (delete-overlay overlay)
  (unless (litellm-review--all)
    (litellm-review-mode -1)))

(defun litellm-review--here ()
  "Return the change at point, else the next one of this buffer."
  (or (litellm-review--at-point)
      (car (sort (litellm-review--all) (lambda (one other) (< (abs (- (overlay-start one) (point)))
                                                              (abs (- (overlay-start other) (point)))))))
      (litellm-refuse "rewrite a text first (no change waits in this buffer)")))

(defun litellm-review--do (act)
  "Call ACT with begin, end and new text of the change that is meant.
Then the change is over; where ACT can't be done it waits on."
  (let ((overlay (litellm-review--here)))
    (save-restriction
      (widen)
      (let ((begin (overlay-start overlay))
            (end (overlay-end overlay)))
        (litellm-text-check-writable begin end)
        (unless (equal (buffer-substring-no-properties begin end) (overlay-get overlay 'litellm-old))
          (litellm-refuse "discard the change, and M-x litellm-insert-answer where it belongs (its text was changed)"))
        (funcall act begin end (overlay-get overlay 'litellm-new))))
    (litellm-review--end overlay)))

(defun litellm-review-replace (begin end new)
  "Put NEW in the place of the text from BEGIN to END, as one step of undo."
  (undo-boundary)
  (atomic-change-group
    (save-excursion
      (goto-char end)
      (insert new)
      (delete-region begin end)))
  (undo-boundary)
  ;; With the region active, `undo' would take back a part only.
  (deactivate-mark t))

(defun litellm-accept ()
  "Put the model's change into the text."
  (interactive)
  (litellm-review--do #'litellm-review-replace))

(defun litellm-discard ()
  "Discard the model's change; the text stays as it is.
`litellm-insert-answer' has it still."
  (interactive)
  (let ((overlay (litellm-review--here)))
    (litellm-answer-keep (overlay-get overlay 'litellm-new))
    (litellm-review--end overlay)))

(defun litellm-ediff ()
  "Compare this buffer with what the change would make of it."
  (interactive)
  (let ((here (current-buffer))
        (mode major-mode)
        (changed (generate-new-buffer (format "*LiteLLM's %s*" (buffer-name)))))
    (condition-case failure
        (litellm-review--do
         (lambda (begin end new)
           (let ((before (buffer-substring-no-properties (point-min) begin))
                 (after (buffer-substring-no-properties end (point-max))))
             (with-current-buffer changed
               (insert before new after)
               (delay-mode-hooks (funcall mode))
               (set-buffer-modified-p nil)))))
      ((error quit)
       (kill-buffer changed)
       (signal (car failure) (cdr failure))))
    ;; All of it is compared, and gone through.
    (widen)
    (ediff-buffers here changed)))

(defun litellm-smerge ()
  "Put both texts into the buffer, as a conflict to be resolved."
  (interactive)
  (litellm-review--do
   (lambda (begin end new)
     (let* ((first (save-excursion (goto-char begin) (line-beginning-position)))
            (last (save-excursion (goto-char end)
                                  (if (and (bolp) (> end begin)) end (line-beginning-position 2))))
            (old (buffer-substring-no-properties first last))
            (new (concat (buffer-substring-no-properties first begin) new
                         (buffer-substring-no-properties end last)))
            (line (lambda (text) (if (string-suffix-p "\n" text) text (concat text "\n")))))
       (litellm-review-replace first last
                               (concat "<<<<<<< yours\n" (funcall line old) "=======\n" (funcall line new)
                                       ">>>>>>> the model's\n")))))
  (smerge-mode 1))

(provide 'litellm-review)
;;; litellm-review.el ends here
