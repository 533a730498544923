import './cycleOne';
