;;; litellm-stream.el --- Writing an answer into a buffer as it comes  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; An answer goes on in its place while its user types elsewhere, and is one step of undo where nobody did.  Nothing
;; that the user wrote into it is ever taken out.

;;; Code:

(require 'cl-lib)

(defface litellm-fresh '((t :inherit diff-added :extend nil))
  "An answer that is being written, or waits to be accepted."
  :group 'litellm)

(cl-defstruct (litellm-stream (:constructor litellm-stream--make))
  "An answer that is being written."
  buffer from to overlay group tick (text "") (alone t))

(defun litellm-stream-begin (place)
  "Begin to write an answer at PLACE of this buffer."
  (undo-boundary)
  (let* ((begin (copy-marker place))
         (end (copy-marker place t))
         (overlay (make-overlay begin end nil nil t))
         (group (prepare-change-group)))
    (overlay-put overlay 'face 'litellm-fresh)
    (activate-change-group group)
    (litellm-stream--make :buffer (current-buffer) :from begin :to end :overlay overlay :group group
                          :tick (buffer-chars-modified-tick))))

(defun litellm-stream--look (stream)
  "Note whether anybody else has changed the text of STREAM's buffer."
  (unless (eql (litellm-stream-tick stream) (buffer-chars-modified-tick))
    (setf (litellm-stream-alone stream) nil)))

(defun litellm-stream-write (stream text)
  "Write on STREAM with TEXT."
  (when (buffer-live-p (litellm-stream-buffer stream))
    (with-current-buffer (litellm-stream-buffer stream)
      (litellm-stream--look stream)
      (save-excursion
        (goto-char (litellm-stream-to stream))
        (insert text))
      (setf (litellm-stream-text stream) (concat (litellm-stream-text stream) text)
            (litellm-stream-tick stream) (buffer-chars-modified-tick))
      (move-overlay (litellm-stream-overlay stream) (litellm-stream-from stream) (litellm-stream-to stream)))))

(defun litellm-stream-finish (stream whole)
  "End STREAM with the text WHOLE in the place of what was written.
With nil, what was written stays, as does what somebody has changed.
Return whether WHOLE stands there."
  (when (buffer-live-p (litellm-stream-buffer stream))
    (with-current-buffer (litellm-stream-buffer stream)
      (litellm-stream--look stream)
      (let* ((begin (litellm-stream-from stream))
             (end (litellm-stream-to stream))
             (there (buffer-substring-no-properties begin end))
             (intact (equal there (litellm-stream-text stream)))
             (waiting (= (point) begin)))
        (when (and whole intact (not (equal whole there)))
          (save-excursion
            (goto-char end)
            (insert whole)
            (delete-region begin (+ begin (length there)))))
        (delete-overlay (litellm-stream-overlay stream))
        (accept-change-group (litellm-stream-group stream))
        (when (litellm-stream-alone stream)
          (undo-amalgamate-change-group (litellm-stream-group stream)))
        (undo-boundary)
        ;; Who has waited for it goes on behind it.
        (when (and waiting (litellm-stream-alone stream))
          (goto-char end)
          (dolist (window (get-buffer-window-list nil nil t))
            (when (= (window-point window) begin)
              (set-window-point window end))))
        (prog1 (and intact t)
          (set-marker begin nil)
          (set-marker end nil))))))

(provide 'litellm-stream)
;;; litellm-stream.el ends here
