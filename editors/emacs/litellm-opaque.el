;;; litellm-opaque.el --- Parts of answers that go back as they came  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; What a provider adds to its answer must be sent back unchanged.  But jsonrpc.el reads objects as property lists, where
;; an empty object and null are the same nil.  So these members are read as hash tables, whatever is in them.

;;; Code:

(require 'cl-lib)
(require 'jsonrpc)
(require 'seq)

(defconst litellm-opaque-members '(:reasoningBlocks :providerFields :toolCalls)
  "The members of a message that nobody here looks into.")

(defconst litellm-opaque--places '((:result :message) (:error :data :partial :message))
  "Where in what the server sends a message may be.")

(defun litellm-opaque-read ()
  "Read JSON at point as jsonrpc.el does, but for what is opaque."
  (let* ((begin (point))
         (read (lambda (type)
                 (goto-char begin)
                 (json-parse-buffer :object-type type :null-object nil :false-object :json-false)))
         (whole (funcall read 'plist)))
    (when (seq-some (lambda (place) (litellm-opaque--in whole place)) litellm-opaque--places)
      (let ((exact (funcall read 'hash-table)))
        (dolist (place litellm-opaque--places)
          (litellm-opaque--graft (litellm-opaque--in whole place)
                                 (litellm-opaque--in exact place)))))
    whole))

(defun litellm-opaque--in (object place)
  "Return what OBJECT, a property list or a hash table, has at PLACE."
  (dolist (member place object)
    (setq object (cond ((hash-table-p object) (gethash (substring (symbol-name member) 1) object))
                       ((and (consp object) (keywordp (car object))) (plist-get object member))))))

(defun litellm-opaque--graft (message exact)
  "Put the opaque members of the hash table EXACT into MESSAGE."
  (dolist (member litellm-opaque-members)
    (when (plist-member message member)
      (plist-put message member (gethash (substring (symbol-name member) 1) exact)))))

(defun litellm-opaque-setup (process)
  "Read the output of PROCESS, and of no other, with `litellm-opaque-read'."
  (let ((filter (process-filter process))
        (usual (and (fboundp 'jsonrpc--json-read) (symbol-function 'jsonrpc--json-read))))
    (when (and (fboundp 'json-parse-buffer) (fboundp 'jsonrpc--json-read))
      (set-process-filter
       process
       (lambda (process text)
         (cl-letf (((symbol-function 'jsonrpc--json-read)
                    (lambda ()
                      (if (eq (current-buffer) (process-buffer process))
                          (litellm-opaque-read)
                        (funcall usual)))))
           (funcall filter process text)))))))

(provide 'litellm-opaque)
;;; litellm-opaque.el ends here
