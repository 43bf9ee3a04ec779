;;; litellm-models.el --- Choosing a model  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Models are completed in the minibuffer, in the order of the server (favourites and recent ones first), each with
;; its limits, prices and abilities beside it, as the server words them.

;;; Code:

(require 'litellm-client)
(require 'litellm-markdown)

(defvar litellm-models-history nil "The models that were chosen.")

(defun litellm-models--list (&optional refresh)
  "Return the list of models; ask the proxy anew if REFRESH."
  (litellm-client-call :provider/listModels `(:order "picker" ,@(and refresh '(:refresh t)))))

(defun litellm-models--titled (models)
  "Return MODELS, each behind what is shown of its id: a plain line of its own."
  (let ((seen (make-hash-table :test #'equal :size (length models))))
    (mapcar (lambda (model)
              (let* ((line (litellm-markdown-line (plist-get model :id)))
                     (title line)
                     (number 1))
                (while (gethash title seen)
                  (setq title (format "%s (%d)" line (setq number (1+ number)))))
                (puthash title t seen)
                (cons title model)))
            models)))

(defun litellm-models--table (titled default)
  "Return the completion table of the TITLED models, of which DEFAULT is in use."
  (let* ((by-id (make-hash-table :test #'equal :size (length titled)))
         (ids (mapcar (lambda (model)
                        (puthash (car model) (cdr model) by-id)
                        (car model))
                      titled))
         ;; What is said beside a model has 50 columns where there are 80.
         (width (min (apply #'max 0 (mapcar #'string-width ids)) (max 16 (- (frame-width) 50))))
         (room (- (frame-width) width 6))
         (mark (lambda (id)
                 (cond ((equal id default) "● ")
                       ((eq t (plist-get (gethash id by-id) :favourite)) "★ ")
                       (t "  "))))
         (pad (concat "  " (propertize " " 'display `(space :align-to ,(+ 4 width)))))
         (beside (lambda (id)
                   (let ((line (or (plist-get (plist-get (gethash id by-id) :summary) :line) ""))
                         (room (- room (max 0 (- (string-width id) width)))))
                     ;; There may be thousands, and most fit; in less than this nothing can be said.
                     (if (< room 10)
                         ""
                       (concat pad (propertize (if (<= (length line) room)
                                                   line
                                                 (truncate-string-to-width line room nil nil t))
                                               'face 'completions-annotations)))))))
    (lambda (text predicate action)
      (if (eq action 'metadata)
          ;; The order is the server's.
          `(metadata (category . litellm-model)
                     (display-sort-function . identity)
                     (cycle-sort-function . identity)
                     (annotation-function . ,beside)
                     (affixation-function
                      . ,(lambda (chosen)
                           (mapcar (lambda (id) (list id (funcall mark id) (funcall beside id))) chosen))))
        (complete-with-action action ids text predicate)))))

;; A vendor stands before most names, and nobody types it.
(add-to-list 'completion-category-defaults '(litellm-model (styles basic substring flex)))

(defun litellm-models-read (prompt &optional refresh)
  "Have the user choose a model, asked with PROMPT.
If REFRESH, the proxy is asked anew which there are."
  (let* ((listed (litellm-models--list refresh))
         (models (append (plist-get listed :models) nil))
         (titled (litellm-models--titled models))
         (in-use (plist-get listed :defaultModel))
         (default (car (seq-find (lambda (model) (equal in-use (plist-get (cdr model) :id))) titled))))
    (unless models
      (litellm-refuse "ask whoever runs the proxy for models (it offers this key none)"))
    (let ((chosen (completing-read (format-prompt prompt (and default (litellm-markdown-short default)))
                                   (litellm-models--table titled default)
                                   nil nil nil 'litellm-models-history default)))
      ;; One that is not listed may be named all the same.
      (or (plist-get (cdr (assoc chosen titled)) :id) chosen))))

;;;###autoload
(defun litellm-use-model (model)
  "Use MODEL from now on, in every editor.
With a prefix argument, ask the proxy anew which models there are."
  (interactive (list (litellm-models-read (litellm-tr "Model") current-prefix-arg)))
  (litellm-client-call :workspace/executeCommand `(:command "litellm-ls.useModel" :arguments [,model]))
  (run-hook-with-args 'litellm-client-news-functions 'model))

;;;###autoload
(defun litellm-mark-favourite (model)
  "Make MODEL a favourite, which stands first in the list, or no longer one."
  (interactive (list (litellm-models-read (litellm-tr "Favourite"))))
  (let* ((models (append (plist-get (litellm-models--list) :models) nil))
         (listed (seq-find (lambda (listed) (equal (plist-get listed :id) model)) models))
         (favourite (not (eq t (plist-get listed :favourite)))))
    (litellm-client-call :provider/markModel `(:model ,model :favourite ,(if favourite t :json-false)))
    (let ((name (litellm-markdown-line model)))
      (if favourite
          (litellm-tell "%s is a favourite" name)
        (litellm-tell "%s is no favourite any more" name)))))

(provide 'litellm-models)
;;; litellm-models.el ends here
