// SPDX-License-Identifier: BSD-3-Clause

//go:build unix

package zmqlog

import "syscall"

// duplicate makes a copy of a descriptor that programs started later do not get.
func duplicate(fd int) (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	own, err := syscall.Dup(fd)
	if err == nil {
		syscall.CloseOnExec(own)
	}
	return own, err
}
