;;; litellm-chat-place.el --- Where an answer of a chat comes  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; While an answer comes, its user may type, undo and delete anywhere.  When it ends, the whole of it stands in its
;; place, and what was typed into that place, or behind it, stands below, in the next question.  So neither is lost,
;; in the buffer and in the file of the chat.  Who makes the chat read-only, or narrows it, does so to read: the answer
;; goes on all the same.

;;; Code:

(require 'litellm-chat-text)
(require 'seq)
(require 'subr-x)

(defvar-local litellm-chat-place--begin nil "Where the heading of the answer under way stands.")
(defvar-local litellm-chat-place--end nil "Where the answer under way goes on.")
(defvar-local litellm-chat-place--heading "" "The heading of the answer under way.")
(defvar-local litellm-chat-place--come "" "What has come of the answer under way, as it is written.")
(defvar-local litellm-chat-place--waiting "" "What has come behind that, and is not written yet.")
(defvar-local litellm-chat-place--held "" "What has come behind that, and may begin a heading.")

(defmacro litellm-chat-place--writing (&rest body)
  "Run BODY, which writes into the whole of this chat.
Whether its user may write there is another question."
  (declare (indent 0) (debug t))
  `(let ((inhibit-read-only t))
     (save-restriction
       (widen)
       ,@body)))

(defun litellm-chat-place-begin (who)
  "Begin an answer of WHO at the end of this chat."
  (litellm-chat-place--writing
    (goto-char (point-max))
    (skip-chars-backward " \t\n")
    (delete-region (point) (point-max))
    (insert "\n\n")
    (setq litellm-chat-place--heading (concat litellm-chat--mark who)
          litellm-chat-place--come ""
          litellm-chat-place--held ""
          litellm-chat-place--waiting ""
          litellm-chat-place--begin (copy-marker (point)))
    (insert (litellm-chat-place--written))
    ;; What is typed behind the answer stays behind it.
    (setq litellm-chat-place--end (copy-marker (point)))))

(defun litellm-chat-place--written ()
  "Return what was written into the place of the answer."
  (concat litellm-chat-place--heading "\n\n" litellm-chat-place--come))

(defun litellm-chat-place--found ()
  "Return what stands in the place of the answer."
  (buffer-substring-no-properties litellm-chat-place--begin litellm-chat-place--end))

(defun litellm-chat-place--insert (text)
  "Insert TEXT at the end of the place.
Windows that show it go along."
  (let ((windows (seq-filter (lambda (window) (= (window-point window) litellm-chat-place--end))
                             (get-buffer-window-list nil nil t)))
        (follows (= (point) litellm-chat-place--end)))
    (save-excursion
      (goto-char litellm-chat-place--end)
      (insert text)
      (set-marker litellm-chat-place--end (point)))
    (when follows
      (goto-char litellm-chat-place--end))
    (dolist (window windows)
      (set-window-point window litellm-chat-place--end))))

(defun litellm-chat-place-hear (text)
  "Take TEXT, which has come and is to be written."
  (setq litellm-chat-place--waiting (concat litellm-chat-place--waiting text)))

(defun litellm-chat-place-write (text)
  "Write TEXT at the end of the answer, none of whose lines becomes a heading."
  (setq litellm-chat-place--waiting (string-remove-prefix text litellm-chat-place--waiting))
  (let ((piece (litellm-chat-place--piece (concat litellm-chat-place--held text))))
    (setq litellm-chat-place--come (concat litellm-chat-place--come piece))
    (litellm-chat-place--writing
      (if (< litellm-chat-place--begin litellm-chat-place--end)
          (litellm-chat-place--insert piece)
        ;; All of it was taken out, by an undo for one: it is written anew.
        (litellm-chat-place--set (litellm-chat-place--written))))))

(defun litellm-chat-place--set (text)
  "Put TEXT in the place of what stands there, on lines of its own."
  (delete-region litellm-chat-place--begin litellm-chat-place--end)
  (save-excursion
    (goto-char litellm-chat-place--begin)
    (unless (bolp)
      (insert "\n\n")
      (set-marker litellm-chat-place--begin (point))
      (set-marker litellm-chat-place--end (point))))
  (litellm-chat-place--insert text))

(defun litellm-chat-place--piece (text)
  "Return TEXT as it can be written; what may begin a heading is held back."
  (let* ((amid (not (or (string-empty-p litellm-chat-place--come) (string-suffix-p "\n" litellm-chat-place--come))))
         (harmless (substring (litellm-chat--harmless (concat (and amid " ") text)) (if amid 1 0)))
         (line (if (string-match "\n\\([^\n]*\\)\\'" harmless) (match-beginning 1) (if amid (length harmless) 0))))
    (unless (string-prefix-p (substring harmless line) litellm-chat--mark)
      (setq line (length harmless)))
    (setq litellm-chat-place--held (substring harmless line))
    (substring harmless 0 line)))

(defun litellm-chat-place-come ()
  "Return what has come of the answer."
  (string-trim (concat litellm-chat-place--come litellm-chat-place--held litellm-chat-place--waiting)))

(defun litellm-chat-place--common (one other)
  "Return how many characters ONE and OTHER begin with alike."
  (let ((difference (compare-strings one nil nil other nil nil)))
    (if (eq difference t) (length one) (1- (abs difference)))))

(defun litellm-chat-place--typed ()
  "Return what was typed into the place of the answer."
  (let* ((written (litellm-chat-place--written))
         (found (litellm-chat-place--found))
         (begin (litellm-chat-place--common written found))
         (end (min (litellm-chat-place--common (reverse written) (reverse found))
                   (- (min (length written) (length found)) begin)))
         (typed (substring found begin (- (length found) end))))
    (if (litellm-chat-place--left-p typed written) "" typed)))

(defun litellm-chat-place--left-p (text written)
  "Say whether TEXT is what is left of WRITTEN where some of it was taken out."
  (let ((at 0))
    (seq-every-p (lambda (character)
                   (when-let* ((next (string-search (string character) written at)))
                     (setq at (1+ next))))
                 text)))

(defun litellm-chat-place--parted (typed)
  "Return TYPED, as it stands before what follows the place."
  (if (or (string-blank-p typed)
          (string-blank-p (buffer-substring-no-properties litellm-chat-place--end (point-max))))
      typed
    (concat typed "\n\n")))

(defun litellm-chat-place-fill (heading text)
  "Put HEADING and TEXT in the place of what was written, and a question behind."
  (litellm-chat-place--writing
    (let ((typed (litellm-chat-place--typed))
          (whole (concat litellm-chat-place--heading "\n\n" text)))
      (unless (and (equal (litellm-chat-place--found) whole)
                   (save-excursion (goto-char litellm-chat-place--begin) (bolp)))
        (litellm-chat-place--set whole))
      (save-excursion
        (goto-char litellm-chat-place--begin)
        (delete-region (point) (+ (point) (length litellm-chat-place--heading)))
        (insert heading))
      (litellm-chat-place--insert (concat (and (not (string-suffix-p "\n" text)) "\n")
                                          (litellm-chat-place--question)
                                          (litellm-chat-place--parted typed)))
      (unless (string-blank-p typed)
        (litellm-tell "what you typed into the answer stands below it")))))

(defun litellm-chat-place--question ()
  "Return what a question begins with."
  (concat "\n" litellm-chat--mark litellm-chat--you "\n\n"))

(defun litellm-chat-place-take-back ()
  "Take the place out, in which nothing has come; what was typed there stays."
  (litellm-chat-place--writing
    (let* ((typed (litellm-chat-place--typed))
           (left (buffer-substring-no-properties litellm-chat-place--end (point-max))))
      (delete-region (save-excursion (goto-char litellm-chat-place--begin)
                                     (skip-chars-backward "\n")
                                     (point))
                     litellm-chat-place--end)
      (unless (string-blank-p (concat typed left))
        (litellm-chat-place--insert (concat "\n\n" (litellm-chat-place--parted typed)))))))

(defun litellm-chat-place-text ()
  "Return this chat as it is saved while the answer comes.
The answer is marked as cut off, and left out before it has begun."
  (let ((above (string-trim-right (buffer-substring-no-properties (point-min) litellm-chat-place--begin)))
        (typed (concat (litellm-chat-place--parted (litellm-chat-place--typed))
                       (buffer-substring-no-properties litellm-chat-place--end (point-max)))))
    (concat above
            (if (string-empty-p (litellm-chat-place-come))
                "\n"
              (concat "\n\n" litellm-chat-place--heading (litellm-tr " (cut off)") "\n\n" (litellm-chat-place-come)))
            (unless (string-blank-p typed)
              (concat "\n" (litellm-chat-place--question) typed)))))

(provide 'litellm-chat-place)
;;; litellm-chat-place.el ends here
