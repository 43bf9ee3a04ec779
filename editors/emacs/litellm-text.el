;;; litellm-text.el --- What the server is told of a buffer  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Name, language, text, positions and problems of a buffer, as the protocol has them.  A place in it that the user
;; means is held by an overlay until it is used, for the text may change while something is waited for.

;;; Code:

(require 'litellm-client)
(require 'subr-x)
(require 'thingatpt)
(require 'url-util)

(declare-function flymake-diagnostics "flymake")
(declare-function flymake-diagnostic-text "flymake")

(defvar litellm-text-languages
  '(("c++" . "cpp") ("js" . "javascript") ("js2" . "javascript") ("sh" . "shellscript") ("bash" . "shellscript")
    ("text" . "plaintext") ("gfm" . "markdown") ("tuareg" . "ocaml") ("csharp" . "csharp") ("mhtml" . "html")
    ("emacs-lisp" . "emacs-lisp") ("fundamental" . "plaintext") ("typescript-tsx" . "typescriptreact")
    ("tsx" . "typescriptreact") ("conf-toml" . "toml") ("nxml" . "xml") ("cperl" . "perl") ("LaTeX" . "latex"))
  "Names of languages in LSP, by the name of the mode without its end.")

(defun litellm-text-language ()
  "Return the name of this buffer's language."
  (let ((mode (replace-regexp-in-string "\\(-ts\\)?-mode\\'" "" (symbol-name major-mode))))
    (cond ((derived-mode-p 'gfm-mode 'markdown-mode) "markdown")
          ((assoc mode litellm-text-languages) (cdr (assoc mode litellm-text-languages)))
          (t mode))))

(defun litellm-text-uri ()
  "Return the address of this buffer."
  (let ((hex (lambda (text) (url-hexify-string text (cons ?/ url-unreserved-chars)))))
    (if buffer-file-name
        (concat "file://" (and (eq system-type 'windows-nt) "/")
                (funcall hex (or (file-remote-p buffer-file-name 'localname) buffer-file-name)))
      (concat "untitled:" (funcall hex (buffer-name))))))

(defun litellm-text-document ()
  "Return this buffer as the server takes it."
  (list :uri (litellm-text-uri) :languageId (litellm-text-language)
        :text (save-restriction
                (widen)
                (buffer-substring-no-properties (point-min) (point-max)))))

(defun litellm-text-position (place)
  "Return PLACE as line and column."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char place)
      (list :line (1- (line-number-at-pos nil t)) :character (- place (line-beginning-position))))))

(defun litellm-text-range (begin end)
  "Return the text from BEGIN to END as a range."
  (list :start (litellm-text-position begin) :end (litellm-text-position end)))

(defun litellm-text-place (position)
  "Return the place in this buffer of the line and column POSITION."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char (point-min))
      (forward-line (plist-get position :line))
      (min (line-end-position) (+ (point) (plist-get position :character))))))

(defun litellm-text-hold (begin end)
  "Hold the text from BEGIN to END, whatever is changed around it.
What is typed at either end stays outside."
  (let ((place (make-overlay begin end nil t nil)))
    (overlay-put place 'litellm-held (buffer-substring-no-properties begin end))
    (when-let* ((line (and (= begin end) (litellm-text--line begin))))
      (overlay-put line 'evaporate t)
      (overlay-put place 'litellm-line line))
    place))

(defun litellm-text--line (point)
  "Return an overlay of what is there as long as POINT is: the text of its line.
That is the end of a line that is empty.  An empty buffer has nothing."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char point)
      (let ((begin (line-beginning-position))
            (end (line-end-position)))
        (cond ((< begin end) (make-overlay begin end))
              ((< end (point-max)) (make-overlay begin (1+ end)))
              ((< (point-min) begin) (make-overlay (1- begin) end)))))))

(defun litellm-text-held (place)
  "Return begin and end of PLACE, a held text; nil where it is gone or changed."
  (let ((line (overlay-get place 'litellm-line)))
    (and (overlay-buffer place)
         (or (null line) (overlay-buffer line))
         (equal (overlay-get place 'litellm-held)
                (with-current-buffer (overlay-buffer place)
                  (save-restriction
                    (widen)
                    (buffer-substring-no-properties (overlay-start place) (overlay-end place)))))
         (cons (overlay-start place) (overlay-end place)))))

(defun litellm-text-let-go (place)
  "Hold PLACE no more."
  (when-let* ((line (overlay-get place 'litellm-line)))
    (delete-overlay line))
  (delete-overlay place))

(defun litellm-text-while-asking (bounds ask)
  "Return begin and end of BOUNDS, and the value of ASK, which may wait.
The text may change meanwhile; where that of BOUNDS did, this is an error."
  (let ((place (litellm-text-hold (car bounds) (cdr bounds))))
    (unwind-protect
        (let* ((answer (funcall ask))
               (now (or (litellm-text-held place)
                        (litellm-refuse "ask again (the text has changed meanwhile)"))))
          (list (car now) (cdr now) answer))
      (litellm-text-let-go place))))

(defun litellm-text-bounds ()
  "Return begin and end of what the user means.
That is the region, else the function here, else the paragraph."
  (cond ((use-region-p) (cons (region-beginning) (region-end)))
        ((and (derived-mode-p 'prog-mode) (bounds-of-thing-at-point 'defun)))
        ((bounds-of-thing-at-point 'paragraph))
        (t (litellm-refuse "select a text first"))))

(defun litellm-text-problems (begin end)
  "Return what flymake complains of from BEGIN to END."
  (if (and (bound-and-true-p flymake-mode) (fboundp 'flymake-diagnostics))
      (vconcat (mapcar #'flymake-diagnostic-text (flymake-diagnostics begin end)))
    []))

(defun litellm-text-check-writable (&optional begin end)
  "Refuse in words what would change this buffer, if it can take no answer.
Text from BEGIN to END may be read-only by itself."
  (when (and (or buffer-read-only (and begin (text-property-not-all begin end 'read-only nil)))
             (not inhibit-read-only))
    (litellm-refuse "C-x C-q lets you change this text, or go to another one (it is read-only)"))
  (litellm-text-check-characters))

(defun litellm-text-check-characters ()
  "Refuse in words what would write into a buffer of bytes, if this is one.
Emacs would leave of each character only its last byte."
  (unless enable-multibyte-characters
    (litellm-refuse "C-x C-f opens the file as text (this buffer holds bytes)")))

(defun litellm-text-trouble (failure)
  "Return in words why a text could not be changed, by the error FAILURE."
  (if (memq (car failure) '(buffer-read-only text-read-only))
      (litellm-tr "the text is read-only now")
    (string-remove-prefix "LiteLLM: " (error-message-string failure))))

(defun litellm-text-may-be-sent ()
  "Say whether this buffer may be sent.
Where its file or what it says may hold secrets, the user decides."
  (let ((checked (litellm-client-call
                  :provider/checkFile
                  `(:uri ,(litellm-text-uri)
                    ;; The server may not know it: it has no file, or differs from it.
                    ,@(when (or (null buffer-file-name) (buffer-modified-p))
                        (list :text (plist-get (litellm-text-document) :text)))))))
    (and (or (not (eq t (plist-get checked :secret)))
             (yes-or-no-p (litellm-tr "%s may hold secrets.  Send it to the model? "
                                  (if buffer-file-name (file-name-nondirectory buffer-file-name) (litellm-tr "This text")))))
         t)))

(provide 'litellm-text)
;;; litellm-text.el ends here
