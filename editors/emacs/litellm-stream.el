;;; litellm-stream.el --- Writing an answer into a buffer as it comes  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; An answer goes on in its place while its user types elsewhere, and is one step of undo where nobody did, also amid
;; it.  Who undoes, changes, reverts or closes what is being written ends the writing: the text is then as its user
;; made it, and whoever began the stream shows the answer elsewhere.

;;; Code:

(require 'cl-lib)
(require 'litellm-text)
(require 'seq)

(defface litellm-fresh '((t :inherit diff-added :extend nil))
  "An answer that is being written, or waits to be accepted."
  :group 'litellm)

(cl-defstruct (litellm-stream (:constructor litellm-stream--make))
  "An answer that is being written.
TEXT is all that came of it, and stands between FROM and TO until it is STOPPED.
PLACE is held until something is written there."
  buffer from to overlay place tick (text "") (alone t) stopped)

(defvar litellm-stream--open nil "The answers that are being written.")

(defun litellm-stream-here ()
  "Return the answer that is being written into this buffer, or nil."
  (seq-find (lambda (stream) (eq (litellm-stream-buffer stream) (current-buffer))) litellm-stream--open))

(defun litellm-stream-begin (place)
  "Begin to write an answer at PLACE of this buffer."
  ;; What is typed at either end stays outside.
  (let ((stream (litellm-stream--make :buffer (current-buffer) :from (copy-marker place t) :to (copy-marker place)
                                      :overlay (make-overlay place place nil nil t)
                                      :place (litellm-text-hold place place))))
    (overlay-put (litellm-stream-overlay stream) 'face 'litellm-fresh)
    (push stream litellm-stream--open)
    stream))

(defun litellm-stream--let-go (stream)
  "Leave the buffer of STREAM as it is."
  (setq litellm-stream--open (delq stream litellm-stream--open))
  (delete-overlay (litellm-stream-overlay stream))
  (litellm-stream--begun stream)
  (set-marker (litellm-stream-from stream) nil)
  (set-marker (litellm-stream-to stream) nil))

(defun litellm-stream--stop (stream why)
  "Write no more of STREAM, say WHY, and return nil."
  (setf (litellm-stream-stopped stream) why)
  (litellm-stream--let-go stream)
  (litellm-tell "%s; the answer is shown beside when it is here" why)
  nil)

(defun litellm-stream--goes-on (stream)
  "Say whether STREAM can be written on: what was written stands as it was."
  (cond ((litellm-stream-stopped stream) nil)
        ((not (buffer-live-p (litellm-stream-buffer stream)))
         (litellm-stream--stop stream (litellm-tr "the text was closed")))
        (t (with-current-buffer (litellm-stream-buffer stream)
             (litellm-stream--look stream)))))

(defun litellm-stream--begun (stream)
  "Hold the place of STREAM no more: something is written there now."
  (when (litellm-stream-place stream)
    (litellm-text-let-go (litellm-stream-place stream))
    (setf (litellm-stream-place stream) nil)))

(defun litellm-stream--look (stream)
  "See what others have done to the text of STREAM, in its buffer."
  (let ((from (litellm-stream-from stream))
        (to (litellm-stream-to stream)))
    ;; Somebody typed at the place before anything was written.
    (when (> from to)
      (set-marker to from))
    (unless (or (null (litellm-stream-tick stream))
                (eql (litellm-stream-tick stream) (buffer-chars-modified-tick)))
      (setf (litellm-stream-alone stream) nil))
    (if (if (litellm-stream-place stream)
            (litellm-text-held (litellm-stream-place stream))
          (or (litellm-stream-alone stream)
              (equal (litellm-stream-text stream)
                     (save-restriction
                       (widen)
                       (buffer-substring-no-properties from to)))))
        t
      (litellm-stream--stop stream (litellm-tr "the text was changed")))))

(defun litellm-stream--join (stream)
  "Have the next piece of STREAM undone together with the ones before.
That is so where nobody has changed anything in between."
  (if (eql (litellm-stream-tick stream) (buffer-chars-modified-tick))
      (while (and (consp buffer-undo-list) (null (car buffer-undo-list)))
        (setq buffer-undo-list (cdr buffer-undo-list)))
    (undo-boundary)))

(defun litellm-stream--put (stream text whole)
  "Put TEXT behind what STREAM has written; if WHOLE, in the place of it."
  (with-current-buffer (litellm-stream-buffer stream)
    (let ((from (marker-position (litellm-stream-from stream)))
          (to (marker-position (litellm-stream-to stream))))
      (litellm-stream--begun stream)
      (condition-case failure
          (save-excursion
            (litellm-text-check-characters)
            (save-restriction
              (widen)
              (litellm-stream--join stream)
              (goto-char to)
              (insert text)
              (set-marker (litellm-stream-to stream) (point))
              (when whole
                (delete-region from to))
              (set-marker (litellm-stream-from stream) from)
              (move-overlay (litellm-stream-overlay stream) from (litellm-stream-to stream))
              (setf (litellm-stream-tick stream) (buffer-chars-modified-tick))))
        ;; It became read-only, or its file was changed on the disk.
        (error (litellm-stream--stop stream (litellm-text-trouble failure)))))))

(defun litellm-stream-write (stream text)
  "Write on STREAM with TEXT."
  (when (litellm-stream--goes-on stream)
    (litellm-stream--put stream text nil))
  (setf (litellm-stream-text stream) (concat (litellm-stream-text stream) text)))

(defun litellm-stream-finish (stream whole)
  "End STREAM with the text WHOLE in the place of what was written.
With nil, what was written stays.  Return nil where that could not be
done: the buffer was closed, or somebody has changed what was written."
  (when (and (litellm-stream--goes-on stream) whole (not (equal whole (litellm-stream-text stream))))
    (litellm-stream--put stream whole t))
  (unless (litellm-stream-stopped stream)
    (with-current-buffer (litellm-stream-buffer stream)
      (undo-boundary)
      (when (litellm-stream-alone stream)
        (litellm-stream--go-behind (marker-position (litellm-stream-from stream))
                                   (marker-position (litellm-stream-to stream))))
      (litellm-stream--let-go stream))
    t))

(defun litellm-stream--go-behind (begin end)
  "Let those who have waited at BEGIN go on at END."
  (when (= (point) begin)
    (goto-char end))
  (dolist (window (get-buffer-window-list nil nil t))
    (when (= (window-point window) begin)
      (set-window-point window end))))

(provide 'litellm-stream)
;;; litellm-stream.el ends here
